"""A headless Chromium, driven as a person drives it (WebDriver), and what it tells of a page."""

import json
import pathlib
import shutil
import sys

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's, if this Python is another one
try:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    webdriver = None

from processes import wait_for

DRIVER = "/usr/bin/chromedriver"
MISSING = "Debian's chromium, chromium-driver and python3-selenium are missing"
# No name is looked up, so nothing outside can be asked but by address.
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
             "--disable-background-networking", "--disable-component-update", "--no-first-run")


def installed():
    return webdriver is not None and pathlib.Path(DRIVER).exists() and shutil.which("chromium")


class Browser:
    """A context; `folder` gets what it writes. One thread."""

    def __init__(self, folder):
        options = Options()
        options.binary_location = shutil.which("chromium")
        for argument in (*ARGUMENTS, f"--user-data-dir={folder}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(DRIVER), options=options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def open(self, url):
        self.driver.get(url)

    def size(self, width, height):
        """Of the page, which may be smaller than any window."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def prefer(self, scheme):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def run_promise(self, script):
        """What the promise of an expression becomes."""
        return self.driver.execute_async_script(
            f"const done = arguments[arguments.length - 1]; ({script}).then(done, (error) => done(String(error)));")

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector):
        """Of all that match, as it is read, in one list."""
        return self.run("return [...document.querySelectorAll(arguments[0])]"
                        ".map((node) => node.innerText.trim())", selector)

    def count(self, selector):
        return self.run("return document.querySelectorAll(arguments[0]).length", selector)

    def press(self, *keys):
        """Of the keyboard, wherever the focus is. Names are those of Keys: ENTER."""
        active = self.driver.switch_to.active_element
        active.send_keys(*(getattr(Keys, key, key) for key in keys))

    def wait(self, what, condition, seconds=20.0):
        return wait_for(what, condition, seconds)

    def screenshot(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(path))

    def console(self):
        """What the page has complained of since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """Addresses that were asked for since the last call."""
        messages = (json.loads(entry["message"])["message"]
                    for entry in self.driver.get_log("performance"))
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]
