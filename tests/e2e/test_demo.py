"""The demo checks itself: every line written is a request counted, over more than ten routes."""

import re
import subprocess
import unittest

from end_to_end import REPOSITORY, EndToEnd


class Demo(EndToEnd):
    def run_demo(self, *options):
        run = subprocess.run([REPOSITORY / "demo.sh", "--seconds", "8", *options], text=True,
                             stdin=subprocess.DEVNULL, capture_output=True)
        print(run.stdout[-6000:], run.stderr)
        self.assertEqual(run.returncode, 0)
        found = re.search(r"^lines written = (\d+), requests counted = (\d+), routes = (\d+): OK$",
                          run.stdout, re.MULTILINE)
        self.assertTrue(found)
        written, counted, routes = map(int, found.groups())
        self.assertEqual(written, counted)
        self.assertGreater(written, 500)
        self.assertGreater(routes, 10)

    def test_embedded(self):
        self.run_demo()

    def test_kafka(self):
        self.run_demo("--kafka", self.real_kafka())


if __name__ == "__main__":
    unittest.main()
