"""What is in the tree is built, what is built is in the tree, folders say what belongs in them."""

import posixpath
import re

from source_tree import Finding

_BUILT_FOLDERS = ("base", "parsers", "inject", "agent", "aggregator", "tests", "bench")
_README_FOLDERS = (
    "base",
    "parsers",
    "inject",
    "agent",
    "aggregator",
    "configs",
    "packaging",
    "tests",
    "bench",
)
_CMAKE = ("CMakeLists.txt", ".cmake")
_THREADS = re.compile(r'#include (<thread>|".*/(kafka_mock|kafka_embedded_broker|http_server)\.h")')


def _cmake_words(tree):
    """(file, line number, word) of each word of the CMake files, comments left out."""
    for name in tree.files:
        if not name.endswith(_CMAKE):
            continue
        for number, line in tree.lines(name):
            for word in re.findall(r'[^\s()"]+', line.split("#")[0]):
                yield name, number, word


def _sources(tree):
    listed = set()
    for name, number, word in _cmake_words(tree):
        if not word.endswith(".cc") or "$" in word:
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), word))
        listed.add(path)
        if path not in tree.files:
            yield Finding(name, number, f"{path} is listed and does not exist")
    for path in tree.below(*_BUILT_FOLDERS, suffixes=(".cc",)):
        if path not in listed:
            what = "test" if path.endswith("_test.cc") else "source"
            yield Finding(path, 0, f"this {what} is in no CMakeLists.txt or tests.cmake")


def _threaded_tests(tree):
    """What has several threads is listed for the thread sanitizer."""
    threaded, keyword = set(), None
    for name, _, word in _cmake_words(tree):
        if word.isupper():
            keyword = word
        elif keyword == "THREADED":
            threaded.add(posixpath.join(posixpath.dirname(name), word))
    for path in tree.below("tests", suffixes=("_test.cc",)):
        for number, line in tree.lines(path):
            if _THREADS.match(line) and path not in threaded:
                yield Finding(path, number, "this test has threads and is not THREADED in CMake")


def _scripted_tests(tree):
    words = {posixpath.basename(word) for _, _, word in _cmake_words(tree)}
    for path in tree.below("tests", suffixes=("_test.py", "_test.sh")):
        if posixpath.basename(path) not in words:
            yield Finding(path, 0, "this test is in no CMakeLists.txt or tests.cmake")


def _readmes(tree):
    for folder in _README_FOLDERS:
        if f"{folder}/README.md" not in tree.files:
            yield Finding(f"{folder}/README.md", 0, f"missing: it says what belongs in {folder}/")


def _seeds(tree):
    for path in tree.below("tests", suffixes=("_fuzz.cc",)):
        folder, name = posixpath.split(path.removesuffix(".cc"))
        if f"{folder}/seeds/{name}" not in tree.folders:
            yield Finding(path, 0, f"this fuzz target has no seeds in {folder}/seeds/{name}")


def check(tree):
    """Findings of sources, tests, seeds and READMEs that are missing somewhere."""
    yield from _sources(tree)
    yield from _threaded_tests(tree)
    yield from _seeds(tree)
    yield from _scripted_tests(tree)
    yield from _readmes(tree)
