"""Includes go one way, and a third-party header appears only in the files named for it."""

import fnmatch
import re

from source_tree import CODE_FOLDERS, Finding

_INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')

# What a folder's files may include of ours.
_ARROWS = {
    "base": {"base"},
    "parsers": {"base", "parsers"},
    "inject": {"base", "inject"},
    "agent": {"base", "parsers", "inject", "agent"},
    "aggregator": {"base", "parsers", "aggregator"},
    "tests": {*CODE_FOLDERS, "tests"},
    "bench": {*CODE_FOLDERS, "tests", "bench"},
}

# Header prefix: the files that may include it. bench/ compares with anything. First match counts.
_THIRD_PARTY = (
    ("librdkafka/", ("*/kafka_*.h", "*/kafka_*.cc")),
    ("boost/beast", ("*/http_*.h", "*/http_*.cc")),
    ("boost/asio", ("*/http_*.h", "*/http_*.cc")),
    ("boost/json", ("*.cc", "aggregator/*_json.h")),
    ("boost/", ("*.cc",)),
    ("simdjson", ("parsers/*.cc", "tests/parsers/*.cc")),
    ("re2/", ("parsers/*.cc", "aggregator/stats_*.cc")),
    ("yaml-cpp/", ("base/yaml_*.cc", "inject/yaml_reader.cc")),
    ("CLI/", ("*_main.cc", "*_command.cc")),
    ("prometheus/", ("*_metrics.h", "*_metrics.cc", "*_metrics_test.cc",
                     "base/http_*.h", "base/http_*.cc")),
    ("catch2/", ("tests/*",)),
    ("openssl/", ("*.cc",)),
    ("xxhash", ("*.cc",)),
)


def _ours(tree, name, number, header):
    folder = name.split("/")[0]
    target = header.split("/")[0]
    if "/" not in header or target not in _ARROWS:
        return Finding(name, number, f'"{header}" is not included from the root: "folder/file.h"')
    if target not in _ARROWS.get(folder, _ARROWS.keys()):
        return Finding(
            name,
            number,
            f"{folder}/ includes {target}/: base <- parsers, inject <- agent, aggregator <- tests, bench",
        )
    if header not in tree.files:
        return Finding(name, number, f'"{header}" is no file of the project')
    return None


def _third_party(name, number, header):
    if name.startswith("bench/"):
        return None
    for prefix, allowed in _THIRD_PARTY:
        if header.startswith(prefix):
            if any(fnmatch.fnmatch(name, pattern) for pattern in allowed):
                return None
            return Finding(name, number, f"<{header}> belongs in {', '.join(allowed)} only")
    return None


def check(tree):
    """Findings of all #include lines."""
    for name in tree.cpp():
        code = dict(tree.code_lines(name))
        for number, line in tree.lines(name):
            match = _INCLUDE.match(line)
            if not match or not code[number].lstrip().startswith("#"):
                continue
            kind, header = match.groups()
            found = (
                _ours(tree, name, number, header)
                if kind == '"'
                else _third_party(name, number, header)
            )
            if found:
                yield found
