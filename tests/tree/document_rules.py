"""Documents name files that exist: in backticks, or as the target of a link."""

import fnmatch
import posixpath
import re

from source_tree import Finding

_FENCE = re.compile(r"^\s*(```|~~~)")
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(r"(?:\./)?[A-Za-z0-9_.*-]+(?:/[A-Za-z0-9_.*-]+)*/?")
# A bare name with one of these is a file of ours; app.js or agent.yaml may be the reader's.
_OWN_SUFFIXES = (".cc", ".h", ".py")


def _exists(tree, path):
    """`path` from the root, * as in a shell; a folder counts, and a name without its .h or .cc."""
    path = posixpath.normpath(path)
    if any(path + suffix in tree.files for suffix in (".h", ".cc")):
        return True
    if "*" in path:
        return any(fnmatch.fnmatch(name, path) for name in (*tree.files, *tree.folders))
    return path in tree.files or path in tree.folders


def _named_in_code(tree, text):
    """Words of a piece of code that are paths of the project, or ought to be."""
    top = {name.split("/")[0] for name in tree.files}
    for word in text.split():
        word = word.rstrip(".,;:")
        if not _PATH.fullmatch(word):
            continue
        if "/" in word:
            path = word.removeprefix("./")
            if word.startswith("./") or path.split("/")[0] in top:
                yield word, _exists(tree, path)
        elif word.endswith(_OWN_SUFFIXES) and not word.startswith("*"):
            yield word, any(fnmatch.fnmatch(posixpath.basename(name), word) for name in tree.files)


def _linked(tree, name, target):
    if re.match(r"[a-z]+:|#", target):
        return True
    path = target.split("#")[0]
    return _exists(tree, posixpath.join(posixpath.dirname(name), path))


def check(tree):
    """Findings of documents that name what is not there."""
    for name in tree.files:
        if not name.endswith(".md"):
            continue
        fenced = False
        for number, line in tree.lines(name):
            if _FENCE.match(line):
                fenced = not fenced
            if fenced:
                continue
            for code in _CODE.findall(line):
                for word, there in _named_in_code(tree, code):
                    if not there:
                        yield Finding(name, number, f"`{word}` names no file of the project")
            for target in _LINK.findall(line):
                if not _linked(tree, name, target):
                    yield Finding(name, number, f"the link to {target} leads nowhere")
