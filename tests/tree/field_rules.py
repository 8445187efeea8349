"""docs/field.md names tests that exist: `a file` and behind it its tests, each in quotes."""

import re

from source_tree import Finding

_DOCUMENT = "docs/field.md"
_ROW = re.compile(r"\| *\d+ *\|")
_FILE_OR_TEST = re.compile(r'`([^`]+)`|"([^"]+)"')
_CASE = re.compile(r'\bTEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def _tests_in(tree, path):
    """Names of the test cases of a .cc, of the functions of a .py."""
    text = "\n".join(line for _, line in tree.lines(path))
    if path.endswith(".py"):
        return set(re.findall(r"^ *def (\w+)\(", text, re.MULTILINE))
    return {"".join(_LITERAL.findall(literals)) for literals in _CASE.findall(text)}


def _row_findings(tree, number, cell):
    path = None
    for file, test in _FILE_OR_TEST.findall(cell):
        if file:
            path = file
        elif path not in tree.files:
            yield Finding(_DOCUMENT, number, f'no file stands before the test "{test}"')
        elif test not in _tests_in(tree, path):
            yield Finding(_DOCUMENT, number, f'{path} has no test "{test}"')


def check(tree):
    """Findings of rows whose tests are not there, or that name none and promise none."""
    if _DOCUMENT not in tree.files:
        return
    for number, line in tree.lines(_DOCUMENT):
        if not _ROW.match(line):
            continue
        cell = line.rstrip(" |").rsplit(" | ", 1)[-1]
        yield from _row_findings(tree, number, cell)
        if '"' not in cell and "*not yet*" not in line.lower():
            yield Finding(_DOCUMENT, number, "a row without a test must say that it is not yet so")
