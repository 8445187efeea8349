#!/usr/bin/env python3
"""The dashboard in a real browser: what it shows is what /stats says, and it is fit for anybody.

Environment: ROUTERATE_SCREENSHOTS is a folder for pictures (default: none are taken).
"""

import os
import pathlib
import unittest
import urllib.parse

import accessibility
import browser
from browser import Browser
from end_to_end import EndToEnd
from pipeline import fetch
from processes import free_port, wait_for
from traffic import NginxLines, TomcatLines

SIZES = {"phone": (400, 800), "desk": (1280, 900), "4k": (3840, 2160)}
SCREENSHOTS = os.environ.get("ROUTERATE_SCREENSHOTS")
ROUTES = ".scroll[aria-label=Routes]"
POD = "<b>shop-0"  # whatever a name looks like, it is shown as text


@unittest.skipUnless(browser.installed(), browser.MISSING)
class Dashboard(EndToEnd):
    def setUp(self):
        super().setUp()
        self.view = self.pipeline()
        self.port = free_port()
        self.start()
        self.writers = [NginxLines(self.logs / "nginx.log", base=150, seed=self.random.random()),
                        TomcatLines(self.logs / "tomcat.txt", base=50, seed=self.random.random())]
        self.view.start_agent([
            {"path": str(self.logs / "nginx.log"), "format": "nginx"},
            {"path": str(self.logs / "tomcat.txt"), "format": "tomcat", "service": "shop-api"}],
            source={"namespace": "demo", "service": "shop", "pod": POD})
        for writer in self.writers:
            writer.start()
            self.addCleanup(writer.stop)
        self.web = self.enterContext(Browser(self.folder / "browser"))
        self.web.size(*SIZES["desk"])
        wait_for("rates", self.has_rates, 60)
        self.web.requests()
        self.web.open(f"http://127.0.0.1:{self.port}/")
        self.wait_for_rows(20)

    def start(self):
        self.view.start_aggregator(listen=f"127.0.0.1:{self.port}", stale_after="2s")

    def has_rates(self):
        rows = self.rows()
        return len(rows) >= 20 and all(row["req/s_10s"] is not None for row in rows)

    def rows(self, query=""):
        return self.view.stats(query)

    def shown(self, column, table=ROUTES):
        """The cells of a column, by its number from 1."""
        return self.web.text(f"{table} tbody tr > :nth-child({column})")

    def names(self):
        return self.web.text(f"{ROUTES} tbody a")

    def wait_for_rows(self, least):
        self.web.wait("rows", lambda: len(self.names()) >= least)

    def go(self, path):
        self.web.run("location.hash = arguments[0]", path)

    def screenshot(self, name):
        if SCREENSHOTS:
            self.web.screenshot(pathlib.Path(SCREENSHOTS) / f"{name}.png")

    def tearDown(self):
        """Whatever was done, nobody but the aggregator was asked, and nothing was complained of."""
        asked = {urllib.parse.urlsplit(url) for url in self.web.requests()}
        hosts = {url.netloc for url in asked if url.scheme in ("http", "https", "ws", "wss")}
        self.assertEqual(hosts, {f"127.0.0.1:{self.port}"})
        refused = "the server responded with a status of 400"  # what a bad filter is answered with
        lost = "net::ERR_"
        self.assertEqual([line for line in self.web.console()
                          if refused not in line and lost not in line], [])

    def test_use(self):
        for step in (self.shows, self.text, self.filter, self.sort, self.route, self.theme):
            self.go("#/")
            self.wait_for_rows(20)
            step()

    def test_failures(self):
        self.blind()
        self.no_contact()

    def shows(self):
        """Routes in the order of their rates, services, tiles: the numbers of /stats."""
        self.go("#/?sort=req%2Fs_10s")

        def in_order():
            rates = [float(text.replace(",", "")) for text in self.shown(3)]
            return len(rates) >= 20 and rates == sorted(rates, reverse=True)
        self.web.wait("rates in order", in_order)
        self.assertEqual(self.web.text(".scroll[aria-label=Services] tbody a"),
                         ["demo/shop", "demo/shop-api"])
        self.assertEqual(self.web.text("#alarm"), [""])
        self.assertIn("live", self.web.find("#connection").text)
        before = self.shown(11)
        self.web.wait("totals grow", lambda: self.shown(11) != before)

    def filter(self):
        """By the grammar of grep=, as one types; a mistake is told under the box."""
        self.web.press("/")
        self.web.press(*"/orders ")
        self.web.wait("two methods", lambda: len(self.names()) == 4)
        self.assertEqual(set(self.names()), {"GET /orders", "POST /orders", "GET /shop-api/orders",
                                             "POST /shop-api/orders"})
        self.assertIn("grep=", self.web.run("return location.hash"))
        self.web.press("(")
        self.web.wait("a refusal", lambda: "missing )" in self.web.find("#filter-error").text)
        self.web.press("BACKSPACE")
        self.web.wait("no refusal", lambda: not self.web.find("#filter-error").text)
        self.web.run("location.reload()")
        self.web.wait("the same filter", lambda: len(self.names()) == 4)

    def sort(self):
        """By a header; the order is the server's."""
        self.web.find(f"{ROUTES} thead th:nth-child(11) button").click()
        self.assertEqual(self.web.find(f"{ROUTES} th[aria-sort=descending]").text[:5], "total")

        def in_order():
            totals = [int(text.replace(",", "")) for text in self.shown(11)]
            return totals == sorted(totals, reverse=True)
        self.web.wait("totals in order", in_order)

    def route(self):
        """By keyboard alone: a row, its page with charts and a manifest, and back."""
        for key in "jjjjk":  # past the two services
            self.web.press(key)
        name = self.web.run("return document.activeElement.textContent")
        self.assertIn(name, self.names())
        self.web.press("ENTER")
        self.web.wait("its page", lambda: self.web.text("h1 span") == [name])
        self.web.wait("charts", lambda: self.web.count("figure .line") == 3)
        method, route = name.split()
        row, *_ = self.rows(f"&method={method}&route={urllib.parse.quote(route)}")
        self.web.wait("a manifest", lambda: f'route_id: "{row["route_id"]}"'
                      in self.web.find("pre").text)
        self.web.run("document.querySelector('[name=max]').select()")
        self.web.find("[name=max]").send_keys("33")
        self.web.wait("33 replicas", lambda: "maxReplicas: 33" in self.web.find("pre").text)
        self.web.find("[name=target]").send_keys("x")
        self.web.wait("a refusal", lambda: self.web.find("pre").text.startswith("target '100x'"))
        self.assertEqual(self.web.text(".scroll[aria-label='Pods of the service'] tbody th span"),
                         [POD])
        self.assertEqual(self.web.count("tbody b"), 0)
        self.web.run("document.querySelector('.chart').focus()")
        self.web.press("ARROW_LEFT")
        self.assertRegex(self.web.text("output")[0], r"^\d\d:\d\d ")
        self.web.press("ESCAPE")
        self.wait_for_rows(20)

    def test_accessible(self):
        """axe-core finds nothing on any page, at any size, in the light and in the dark."""
        axe = accessibility.axe()
        row = self.rows("&limit=1")[0]
        route = urllib.parse.urlencode({name: row[name] for name in
                                        ("namespace", "service", "route_id", "method")})
        pages = {"routes": "#/", "service": f"#/service?{route}", "route": f"#/route?{route}"}
        for page, address in pages.items():
            self.go(address)
            self.web.wait(page, lambda: self.web.text("tbody tr") and self.web.text(".tiles dd")[0])
            for size, pixels in SIZES.items():
                self.web.size(*pixels)
                for scheme in "light", "dark":
                    self.web.prefer(scheme)
                    with self.subTest(page=page, size=size, scheme=scheme):
                        self.assertEqual(accessibility.violations(self.web, axe), [])
                        self.assertEqual(self.web.run(
                            "return document.documentElement.scrollWidth - innerWidth <= 0"), True)
                    self.screenshot(f"{page}-{size}-{scheme}")

    def theme(self):
        """The system's, until one is chosen, which is kept."""
        def page_colour():
            return self.web.run("return getComputedStyle(document.body).backgroundColor")
        self.web.prefer("dark")
        dark = page_colour()
        self.web.find("#theme").click()
        self.assertNotEqual(page_colour(), dark)
        self.web.run("location.reload()")
        self.web.wait("kept", lambda: self.web.find("#theme").text == "Theme: light")

    def blind(self):
        """A pipeline that stands still shows no rate, and says so; nothing looks like 0."""
        self.view.agent.kill()
        self.web.wait("an alarm", lambda: "Blind" in self.web.find("#alarm").text)
        self.assertEqual(set(self.shown(3)) | set(self.shown(4)), {"–"})
        states = self.shown(2, ".scroll[aria-label=Services]")
        self.assertEqual(set(states), {"unknown"})
        self.screenshot("blind")

    def no_contact(self):
        """Without the aggregator the page says of when it is, and goes on by itself after."""
        self.view.aggregator.kill()
        self.web.wait("lost", lambda: "No contact" in self.web.find("#alarm").text)
        self.assertEqual(self.web.find("#connection").text, "no contact")
        self.screenshot("no-contact")
        self.start()
        self.web.wait("live again", lambda: "live" in self.web.find("#connection").text)

    def text(self):
        """Whoever is no browser gets the list of pages as text."""
        status, text = fetch(self.port, "/")
        self.assertEqual((status, text.split()[0]), (200, "routerate-aggregator"))


if __name__ == "__main__":
    unittest.main()
