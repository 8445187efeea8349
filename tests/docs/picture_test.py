#!/usr/bin/env python3
"""docs/terminal.svg is a picture of the commands that its script runs, and README.md shows it."""

import unittest
import xml.etree.ElementTree

from documents import REPOSITORY
import terminal_picture

TEXT = "{http://www.w3.org/2000/svg}text"


class Picture(unittest.TestCase):
    def test_commands(self):
        """Recorded with the commands of today, each of which had something to say."""
        picture = xml.etree.ElementTree.parse(terminal_picture.PICTURE)
        lines = [(text.get("class"), text.text) for text in picture.iter(TEXT)]
        told = [text for kind, text in lines if kind == "command"]
        self.assertEqual(told, [f"$ {command}" for command in terminal_picture.COMMANDS])
        for (kind, text), (next_kind, _) in zip(lines, [*lines[1:], ("command", "")]):
            self.assertNotEqual((kind, next_kind), ("command", "command"), text)

    def test_readme(self):
        self.assertIn("](docs/terminal.svg)", (REPOSITORY / "README.md").read_text())

    def test_escapes(self):
        """What a program prints stays text."""
        made = terminal_picture.svg([("command", "$ echo '<&>'"), ("output", "<&>")])
        texts = [text.text for text in xml.etree.ElementTree.fromstring(made).iter(TEXT)]
        self.assertEqual(texts, ["$ echo '<&>'", "<&>"])


if __name__ == "__main__":
    unittest.main()
