"""Files of at most 400 lines, functions of at most 70: what does not fit a head is two things."""

import ast
import re

from source_tree import Finding

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 70
_SIZED = (".cc", ".h", ".py", ".sh", ".cmake", "CMakeLists.txt")

_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum)\b")


def _statement_kind(statement):
    """What a brace behind `statement` opens, in a scope that holds declarations."""
    text = re.sub(r"template\s*<[^{}]*?>\s*(?=class|struct|auto|void|\w)", "", statement)
    if text.rstrip().endswith(("=", ",", "return")):
        return "value"
    head = text.split("(")[0]
    if _SCOPE.search(head) and "=" not in head:
        return "scope"
    if re.search(r'\bextern\s*"\s*"$', text.rstrip()):
        return "scope"
    return "function" if "(" in text else "value"


def cpp_functions(code):
    """(first line, last line) of each function; `code` has no comments and no strings."""
    code = re.sub(
        r"^[ \t]*#(?:\\\n|[^\n])*",
        lambda m: re.sub(r"[^\n]", " ", m.group()),
        code,
        flags=re.MULTILINE,
    )
    stack = []  # (kind, first line)
    start, line, last_first = 0, 1, 1
    for at, char in enumerate(code):
        if char == "\n":
            line += 1
        elif char == "{":
            inside = bool(stack) and stack[-1][0] != "scope"
            statement = code[start:at]
            first = line - statement.lstrip().count("\n")
            kind = "block" if inside else _statement_kind(statement)
            if not inside and statement.strip()[:1] in ("", ","):
                # "A() : a_{1}, b_{2} {": a constructor's next member, or its body.
                kind, first = "function", last_first
            stack.append((kind, first))
            start = at + 1
        elif char == "}" and stack:
            kind, first = stack.pop()
            last_first = first
            if kind == "function":
                yield first, line
            start = at + 1
        elif char == ";":
            start = at + 1


def _python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno


def check(tree):
    """Findings of files and functions that are too long."""
    for name in tree.files:
        if not name.endswith(_SIZED):
            continue
        count = tree.text(name).count("\n")
        if count > MAX_FILE_LINES:
            yield Finding(
                name, MAX_FILE_LINES + 1, f"{count} lines; a file has at most {MAX_FILE_LINES}"
            )
        functions = ()
        if name.endswith((".cc", ".h")):
            functions = cpp_functions(tree.code(name))
        elif name.endswith(".py"):
            functions = _python_functions(tree.text(name))
        for first, last in functions:
            length = last - first + 1
            if length > MAX_FUNCTION_LINES:
                yield Finding(
                    name, first, f"a function of {length} lines; at most {MAX_FUNCTION_LINES}"
                )
