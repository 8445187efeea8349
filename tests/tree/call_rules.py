"""One door to the outside world: files, time and the environment are reached through base/."""

import fnmatch
import re

from source_tree import CODE_FOLDERS, CPP_SUFFIXES, Finding

# Not after '.', '->', another letter or a qualifier of ours ("file_system.Open", "re2::Open").
_FREE = r"(?<![\w.>:])(?:std::|::)?"
_OUTSIDE = re.compile(
    _FREE + r"(?P<call>open|openat|creat|stat|lstat|fstat|fopen|freopen|getenv|secure_getenv"
    r"|rand|srand|random_device|time|gettimeofday|clock_gettime)\s*[({]"
    r"|\b(?P<now>now)\s*\(\s*\)"
    r"|\b(?P<stream>[io]?fstream|filesystem::(?!path\b)\w+)\b"
)
_SLEEP = re.compile(
    _FREE + r"(?P<call>sleep|usleep|nanosleep)\s*\(|\b(?P<member>sleep_for|sleep_until)\b"
)
_PRINT = re.compile(
    r"\b(?P<stream>cout)\b|" + _FREE + r"(?P<call>printf|puts|putchar|vprintf)\s*\("
)

# (expression, folders, files exempt, what to do instead)
_RULES = (
    (
        _OUTSIDE,
        ("parsers", "inject", "agent", "aggregator"),
        ("*/kafka_*", "*/http_*", "*_main.cc"),
        "is the outside world: use base/file_system.h, base/clock.h or an option",
    ),
    (
        _SLEEP,
        ("parsers", "inject", "agent", "aggregator"),
        ("*/kafka_*", "*/http_*", "*_main.cc"),
        "sleeps: wait for an event, through base/",
    ),
    (
        _SLEEP,
        ("tests",),
        (),
        "sleeps for a fixed time: wait for a condition, or move a ManualClock",
    ),
    (
        _PRINT,
        CODE_FOLDERS,
        ("*_main.cc", "*_command.cc"),
        "prints: only programs and commands write to standard output",
    ),
)


def check(tree):
    """Findings of banned calls."""
    for expression, folders, exempt, advice in _RULES:
        for name in tree.below(*folders, suffixes=CPP_SUFFIXES):
            if any(fnmatch.fnmatch(name, pattern) for pattern in exempt):
                continue
            for number, line in tree.code_lines(name):
                if line.lstrip().startswith("#"):
                    continue
                for match in expression.finditer(line):
                    what = next(text for text in match.groups() if text)
                    yield Finding(name, number, f"{what} {advice}")
