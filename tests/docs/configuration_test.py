#!/usr/bin/env python3
"""docs/configuration.md is what headers and programs say, and configs/ has every key."""

import pathlib
import re
import tempfile
import unittest

from documents import BUILD, REPOSITORY, compare
import configuration_reference
from configuration_reference import DOCUMENT, PROGRAMS, Mismatch, Reference

AGENT, AGGREGATOR = PROGRAMS


class Configuration(unittest.TestCase):
    def test_document(self):
        """The tables are what the script makes; UPDATE_GOLDEN=1 writes them."""
        compare(self, DOCUMENT, configuration_reference.document(DOCUMENT.read_text(), BUILD))

    def test_examples(self):
        """Each key stands in the file to start from, in force or commented out."""
        for program in PROGRAMS:
            text = (REPOSITORY / "configs" / program.file).read_text()
            for row in Reference(program, BUILD).rows:
                name = row["key"].split(".")[-1].removesuffix("[]")
                self.assertRegex(text, rf"(?m)(^|[ {{#]){name}:", f"{program.file}: {row['key']}")

    def mismatch(self, pattern, replacement):
        """What is told where agent_options.h has `replacement` in place of `pattern`."""
        header, *others = AGENT.headers
        text, count = re.subn(pattern, replacement, header.read_text(), count=1)
        self.assertEqual(count, 1, pattern)
        with tempfile.TemporaryDirectory(dir=REPOSITORY / "build") as folder:
            changed = pathlib.Path(folder) / "agent_options.h"
            changed.write_text(text)
            program = configuration_reference.Program(
                AGENT.name, AGENT.root, [changed, *others], AGENT.least, AGENT.given, AGENT.without)
            with self.assertRaises(Mismatch) as told:
                Reference(program, BUILD)
        return str(told.exception)

    def test_missing_comment(self):
        self.assertIn("max_line has no comment", self.mismatch(
            r"(max_line = 64 << 10;).*", r"\1"))

    def test_missing_member(self):
        self.assertIn("watch has no comment", self.mismatch(r"WatchMode watch = .*", ""))

    def test_wrong_limits(self):
        self.assertIn("max_line: its comment should say 1KiB..128KiB", self.mismatch(
            "1KiB..128KiB", "1KiB..127KiB"))

    def test_no_key(self):
        self.assertIn("patience is no key of agent.yaml", self.mismatch(
            "  std::string checkpoint", "  int patience = 1;  // what we have\n  std::string checkpoint"))


if __name__ == "__main__":
    unittest.main()
