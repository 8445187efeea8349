"""The files of the project as git sees them, and C++ text without comments and strings."""

import dataclasses
import functools
import os
import pathlib
import re
import subprocess

CODE_FOLDERS = ("base", "parsers", "inject", "agent", "aggregator")
CPP_SUFFIXES = (".cc", ".h")

# Comments, raw strings, strings, characters; a ' between digits separates them (1'000).
_NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^()\\ ]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])*'",
    re.DOTALL,
)


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """One violation; line 0 stands for the whole file."""

    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line or 1}: {self.message}"


def _blank(match):
    """White space in place of the text; line ends and quotes stay."""
    text = match.group()
    quote = text[-1] if text[0] in "\"'R" else " "
    inside = re.sub(r"[^\n]", " ", text[1:-1])
    return quote + inside + quote if len(text) > 1 else " "


class SourceTree:
    """Read-only view of the files that git tracks or would add, below `root`."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        # A hook of git's own must not redirect the look-up.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        listing = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=self.root,
            env=environment,
            check=True,
            capture_output=True,
        ).stdout.decode("utf-8", "surrogateescape")
        names = sorted(set(listing.split("\0")) - {""})
        self.files = [name for name in names if (self.root / name).is_file()]
        self.folders = {
            str(parent) for name in self.files for parent in pathlib.PurePath(name).parents
        }

    def below(self, *folders, suffixes=None):
        """Files in any of the folders, at any depth, with one of the suffixes."""
        for name in self.files:
            if name.split("/")[0] in folders and (not suffixes or name.endswith(suffixes)):
                yield name

    def cpp(self):
        """All C++ files of the project."""
        return [name for name in self.files if name.endswith(CPP_SUFFIXES)]

    @functools.lru_cache(maxsize=None)
    def text(self, name):
        """The file's text; bytes that are no UTF-8 are kept as surrogates."""
        return (self.root / name).read_bytes().decode("utf-8", "surrogateescape")

    def lines(self, name):
        """(number from 1, text) of each line."""
        return enumerate(self.text(name).split("\n"), start=1)

    @functools.lru_cache(maxsize=None)
    def code(self, name):
        """C++ text of the same shape with comments and the insides of strings blanked."""
        return _NOT_CODE.sub(_blank, self.text(name))

    def code_lines(self, name):
        """(number from 1, code) of each line."""
        return enumerate(self.code(name).split("\n"), start=1)

    def is_executable(self, name):
        """True when the file's mode lets its owner run it."""
        return os.access(self.root / name, os.X_OK)
