"""axe-core's rules of accessibility (WCAG 2.2 A and AA, and good practice) over a page."""

import pathlib
import subprocess
import sys
import zipfile

from end_to_end import BUILD

REQUIREMENTS = pathlib.Path(__file__).with_name("axe.txt")
SCRIPT = "axe_playwright_python/axe.min.js"


def axe():
    """The script's text; the package is fetched once."""
    folder = BUILD / "axe"
    if not list(folder.glob("*.whl")):
        subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", "download",
                        "--quiet", "--no-deps", "--require-hashes", "--dest", folder,
                        "--requirement", REQUIREMENTS], check=True)
    package, = folder.glob("*.whl")
    with zipfile.ZipFile(package) as files:
        return files.read(SCRIPT).decode()


def violations(browser, script):
    """One line for each element that breaks a rule."""
    browser.run(script)
    found = browser.run_promise("axe.run().then((result) => result.violations)")
    assert isinstance(found, list), found
    return [f"{rule['id']}: {node['html']}: {node['failureSummary']}"
            for rule in found for node in rule["nodes"]]
