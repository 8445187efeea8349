"""Interfaces take no bool: at the call, `true` says nothing. An enum or two functions do."""

import re

from source_tree import CODE_FOLDERS, Finding

_BOOL_PARAMETER = re.compile(r"[(,]\s*(?:const\s+)?bool\s*&{0,2}\s*(?P<name>\w*)\s*(?=[,)=])")


def check(tree):
    """Findings of bool parameters in headers."""
    for name in tree.below(*CODE_FOLDERS, suffixes=(".h",)):
        code = tree.code(name)
        for match in _BOOL_PARAMETER.finditer(code):
            number = code.count("\n", 0, match.end()) + 1
            what = match.group("name") or "without a name"
            yield Finding(name, number, f"bool parameter {what}: use an enum, or two functions")
