"""How files look: opening comments, #pragma once, no tabs, no white space at a line's end."""

import ast

from source_tree import Finding

_CLEAN = (
    ".cc",
    ".h",
    ".py",
    ".sh",
    ".cmake",
    ".md",
    ".yaml",
    ".yml",
    "CMakeLists.txt",
    ".json",
    ".clang-format",
)
_CONTENT_FOLDERS = ("tests/golden/", "tests/data/", "tests/inject/manifests/", "tests/inject/golden/")


def _white_space(tree, name):
    for number, line in tree.lines(name):
        if line != line.rstrip():
            yield Finding(name, number, "white space at the end of the line")
        if "\t" in line:
            yield Finding(name, number, "a tab; write spaces, or \\t in a string")
    if not tree.text(name).endswith("\n"):
        yield Finding(name, 0, "the last line has no line end")


def _cpp(tree, name):
    lines = [line.strip() for _, line in tree.lines(name)]
    if not lines[0].startswith("//"):
        yield Finding(name, 1, "no opening comment: what is this, what does it promise?")
    if name.endswith(".h"):
        first = next((line for line in lines if line and not line.startswith("//")), "")
        if first != "#pragma once":
            yield Finding(name, 0, "#pragma once must come first behind the opening comment")


def _python(tree, name):
    if not ast.get_docstring(ast.parse(tree.text(name))):
        yield Finding(name, 1, "no opening docstring: what is this, who calls it?")


def _shell(tree, name):
    lines = [line for _, line in tree.lines(name)]
    opening = lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]
    if not opening.startswith("# "):
        yield Finding(name, 1, "no opening comment: what is this, who calls it?")


def _shebang(tree, name):
    """A script that is run says by what; one that is not run is imported or sourced."""
    has = tree.text(name).startswith("#!")
    if has != tree.is_executable(name):
        yield Finding(
            name, 1, "executable without a #! line" if not has else "a #! line, but not executable"
        )


def check(tree):
    """Findings of how files look."""
    for name in tree.files:
        if name.endswith(_CLEAN) and not name.startswith(_CONTENT_FOLDERS):
            yield from _white_space(tree, name)
        if name.endswith((".cc", ".h")):
            yield from _cpp(tree, name)
        elif name.endswith((".py", ".sh")):
            yield from (_python if name.endswith(".py") else _shell)(tree, name)
            yield from _shebang(tree, name)
