#!/usr/bin/env python3
"""The test of the tree itself: what a reviewer would otherwise have to look for in every change.

    tests/tree/tree_test.py [ROOT]        a line a violation, file:line: sentence; exit 1 if any
    tests/tree/tree_test.py --self-test   breaks each rule in a tree of its own, must be told

Only files that git tracks, or would add, are looked at. Each *_rules.py here is one theme.
"""

import argparse
import pathlib
import sys

import broken_trees
import call_rules
import document_rules
import field_rules
import include_rules
import interface_rules
import listing_rules
import size_rules
import text_rules
from source_tree import SourceTree

RULES = (
    include_rules,
    call_rules,
    size_rules,
    listing_rules,
    text_rules,
    document_rules,
    field_rules,
    interface_rules,
)


def findings(root):
    """All violations below `root`, sorted by place."""
    tree = SourceTree(root)
    return sorted({finding for rules in RULES for finding in rules.check(tree)})


def main():
    """Runs the check or the self-test; returns the exit status."""
    parser = argparse.ArgumentParser(description="Checks the tree of sources itself.")
    parser.add_argument("root", nargs="?", default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--self-test", action="store_true", help="test this test")
    arguments = parser.parse_args()
    if arguments.self_test:
        return broken_trees.run(findings)
    found = findings(arguments.root)
    for finding in found:
        print(finding)
    print(f"the tree: {len(found)} violations" if found else "the tree: nothing to report")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
