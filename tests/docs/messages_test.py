#!/usr/bin/env python3
"""docs/troubleshooting.md has every start-up error and warning of the sources, and no other."""

import re
import unittest

import source_messages
from documents import REPOSITORY

PAGE = REPOSITORY / "docs" / "troubleshooting.md"


def catalogue():
    """The messages in the first columns behind "Every message"."""
    _, _, tables = PAGE.read_text().partition("## Every message")
    for line in tables.splitlines():
        if line.startswith("| `"):
            cell = re.split(r"(?<!\\) \| ", line)[0]
            for double, single in re.findall(r"``(.+?)``|`([^`]+)`", cell):
                yield double.strip() or single


class Messages(unittest.TestCase):
    def test_all_are_told(self):
        told = list(catalogue())
        missing = [f"{message.place}: {message.text}" for message in source_messages.read()
                   if not any(message.pattern().search(text) for text in told)]
        self.assertEqual(missing, [], "docs/troubleshooting.md lacks these")

    def test_all_exist(self):
        patterns = [message.pattern() for message in source_messages.read()]
        gone = [text for text in catalogue()
                if not any(pattern.search(text) for pattern in patterns)]
        self.assertEqual(gone, [], "no source says these any more")

    def test_elsewhere_is_somewhere(self):
        for pattern in source_messages.ELSEWHERE:
            self.assertTrue(list(REPOSITORY.glob(pattern)), pattern)

    def test_places_stand_for_values(self):
        message = source_messages.Message("a.cc:1", "open {}: {{id}} of {:.0f} %")
        self.assertTrue(message.pattern().search("open a.log: {id} of 60 %"))
        self.assertFalse(message.pattern().search("close a.log: {id} of 60 %"))

    def test_links(self):
        """Each link to a place of the page leads to a heading."""
        text = PAGE.read_text()
        headings = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
                    for heading in re.findall(r"^#+ (.*)", text, re.MULTILINE)}
        self.assertEqual(set(re.findall(r"\]\(#([^)]+)\)", text)) - headings, set())


if __name__ == "__main__":
    unittest.main()
