"""The test of the tree test: a clean tree gives no finding, each case that breaks a rule does."""

import pathlib
import subprocess
import tempfile

HEADER = "// What this is.\n#pragma once\n"
SOURCE = "// What this is.\n"

# A small tree that keeps every rule, and holds what must not be taken for a violation.
CLEAN = {
    "README.md": "See `parsers/line.h`, `parsers/line`, `docs/`, `./run.sh --fast`, `kafka_*.cc`.\n"
    "And [docs](docs/a.md).\n"
    "Yours: `agent.yaml`, `/logs/app.js`, `namespace/pod`.\n```\nparsers/gone.h\n```\n",
    "docs/a.md": "[Front](../README.md), `path.h:1`, <https://example.com>, [x](https://a.b/c).\n",
    "docs/field.md": '| # | test |\n| 1 | `tests/parsers/line_test.cc` "a line in two" |\n'
    '| 2 | `tests/e2e_test.py` "test_all" |\n| 3 | *Not yet* |\n',
    "configs/README.md": "Examples.\n",
    "packaging/README.md": "Ships.\n",
    "tests/README.md": "Tests.\n",
    "run.sh": "#!/usr/bin/env bash\n# Runs.\n",
    "scripts/part.sh": "# For sourcing.\n",
    "scripts/part.py": '"""A module."""\n',
    "base/README.md": "What all may use.\n",
    "base/CMakeLists.txt": "add_library(base clock.cc)  # not old.cc\n",
    "base/clock.h": HEADER + "struct Clock { long Wall() const; bool late = false; };\n",
    "base/clock.cc": SOURCE
    + '#include "base/clock.h"\nlong a = std::chrono::system_clock::now();\n',
    "parsers/README.md": "Pure.\n",
    "parsers/CMakeLists.txt": "add_library(parsers line.cc)\n",
    "parsers/line.h": HEADER
    + '#include "base/clock.h"\nbool IsLine(int a, bool* out);  // (bool x)\n',
    "parsers/line.cc": SOURCE + '#include <simdjson.h>\n#include "parsers/line.h"\n'
    'const char* kText = "open(1) \\" rand()";  // open(2)\nint n = 1\'000;\n'
    'void F(Files& files) { files.open("a"); Reopen("x"); }\n',
    "inject/README.md": "Adds.\n",
    "agent/README.md": "Ships.\n",
    "agent/CMakeLists.txt": "add_library(agent\n  kafka_out.cc agent_main.cc)\n",
    "agent/kafka_out.cc": SOURCE + '#include <librdkafka/rdkafka.h>\n#include "parsers/line.h"\n',
    "agent/agent_main.cc": SOURCE + '#include <CLI/CLI.hpp>\nint main() { puts(getenv("A")); }\n',
    "aggregator/README.md": "Counts.\n",
    "tests/CMakeLists.txt": "include(parsers/tests.cmake)\nadd_test(NAME a COMMAND e2e_test.py)\n",
    "tests/e2e_test.py": '#!/usr/bin/env python3\n"""End to end."""\ndef test_all():\n    pass\n',
    "tests/parsers/tests.cmake": "tests(line_test.cc)\n",
    "tests/parsers/line_test.cc": SOURCE
    + '#include <catch2/catch.hpp>\n#include "parsers/line.h"\nTEST_CASE(\n  "a line "\n  "in two") {}\n',
    "tests/base/tests.cmake": "tests(SOURCES a_test.cc THREADED b_test.cc LIBRARIES base)\n",
    "tests/base/a_test.cc": SOURCE,
    "tests/base/b_test.cc": SOURCE + "#include <thread>\n",
    "tests/golden/table.txt": "a\tb \n",
    "tests/fuzz/CMakeLists.txt": "fuzz(line_fuzz.cc)\n",
    "tests/fuzz/line_fuzz.cc": SOURCE,
    "tests/fuzz/seeds/line_fuzz/first": "a\tb \n",
    "tests/counts.h": HEADER,
    "bench/README.md": "Measures.\n",
    "bench/CMakeLists.txt": "add_executable(bench bench_main.cc)\n",
    "bench/bench_main.cc": SOURCE
    + '#include <simdjson.h>\n#include "parsers/line.h"\n#include "tests/counts.h"\n',
}

LONG_BODY = "  ++n;\n" * 69
NEW_HEADER = "parsers/new.h"

# (what is broken, the files that differ from CLEAN, the finding: "path:line: part of the sentence")
CASES = (
    (
        "base includes parsers",
        {"base/clock.h": HEADER + '#include "parsers/line.h"\n'},
        "base/clock.h:3: base/ includes parsers/",
    ),
    (
        "parsers includes agent",
        {"agent/a.h": HEADER, NEW_HEADER: HEADER + '#include "agent/a.h"\n'},
        "parsers/new.h:3: parsers/ includes agent/",
    ),
    (
        "agent includes aggregator",
        {"aggregator/a.h": HEADER, "agent/b.h": HEADER + '#include "aggregator/a.h"\n'},
        "agent/b.h:3: agent/ includes aggregator/",
    ),
    (
        "code includes tests",
        {"tests/t.h": HEADER, NEW_HEADER: HEADER + '#include "tests/t.h"\n'},
        "parsers/new.h:3: parsers/ includes tests/",
    ),
    (
        "tests include bench",
        {"bench/b.h": HEADER, "tests/t.h": HEADER + '#include "bench/b.h"\n'},
        "tests/t.h:3: tests/ includes bench/",
    ),
    (
        "include beside the root",
        {NEW_HEADER: HEADER + '#include "line.h"\n'},
        'parsers/new.h:3: "line.h" is not',
    ),
    (
        "include of nothing",
        {NEW_HEADER: HEADER + '#include "base/no.h"\n'},
        'parsers/new.h:3: "base/no.h" is no file',
    ),
    *(
        (
            f"<{header}> in {path}",
            {path: HEADER + f"#include <{header}>\n"},
            f"{path}:3: <{header}> belongs in",
        )
        for header, path in (
            ("librdkafka/rdkafka.h", "agent/outbox.h"),
            ("boost/beast.hpp", "base/server.h"),
            ("boost/asio.hpp", "agent/server.h"),
            ("boost/json.hpp", NEW_HEADER),
            ("simdjson.h", NEW_HEADER),
            ("re2/re2.h", "aggregator/rates.h"),
            ("yaml-cpp/yaml.h", "agent/options.h"),
            ("CLI/CLI.hpp", "agent/options.h"),
            ("prometheus/gauge.h", "agent/outbox.h"),
            ("catch2/catch.hpp", "base/check.h"),
            ("openssl/evp.h", NEW_HEADER),
            ("xxhash.h", NEW_HEADER),
        )
    ),
    *(
        (
            f"{call} in parsers",
            {NEW_HEADER: HEADER + f"inline auto x = {call};\n"},
            f"parsers/new.h:3: {told} ",
        )
        for call, told in (
            ("::open(p, 0)", "open"),
            ("stat(p, &s)", "stat"),
            ("std::fopen(p, m)", "fopen"),
            ("std::ifstream(p)", "ifstream"),
            ("std::filesystem::exists(p)", "filesystem::exists"),
            ("std::chrono::steady_clock::now()", "now"),
            ("std::getenv(n)", "getenv"),
            ("rand()", "rand"),
            ("std::random_device{}()", "random_device"),
            ("time(nullptr)", "time"),
            ("usleep(1)", "usleep"),
            ("sleep(1)", "sleep"),
            ("std::this_thread::sleep_for(t)", "sleep_for"),
            ("std::printf(f)", "printf"),
            ("(std::cout << 1)", "cout"),
        )
    ),
    (
        "a sleeping test",
        {"tests/t.h": HEADER + "std::this_thread::sleep_for(t);\n"},
        "tests/t.h:3: sleep_for sleeps for a fixed",
    ),
    ("a long file", {NEW_HEADER: HEADER + "\n" * 399}, "parsers/new.h:401: 401 lines"),
    (
        "a long function",
        {NEW_HEADER: HEADER + "namespace a {\ninline void F() {\n" + LONG_BODY + "}\n}\n"},
        "parsers/new.h:4: a function of 71 lines",
    ),
    (
        "a long member",
        {NEW_HEADER: HEADER + "class A {\n void F(\n   int a) const {\n" + LONG_BODY + " }\n};\n"},
        "parsers/new.h:4: a function of 72 lines",
    ),
    (
        "a long constructor",
        {NEW_HEADER: HEADER + "class A {\n A() : a_{1}, b_{2} {\n" + LONG_BODY + " }\n};\n"},
        "parsers/new.h:4: a function of 71 lines",
    ),
    (
        "a long function template",
        {NEW_HEADER: HEADER + "template <class T>\nT F(T n) {\n" + LONG_BODY + "}\n"},
        "parsers/new.h:3: a function of 72 lines",
    ),
    (
        "a long Python function",
        {"scripts/part.py": '"""A module."""\ndef f(n):\n' + "    n += 1\n" * 70},
        "scripts/part.py:2: a function of 71 lines",
    ),
    (
        "threads that the thread sanitizer would not see",
        {"tests/base/a_test.cc": SOURCE + '#include "base/http_server.h"\n'},
        "tests/base/a_test.cc:2: this test has threads and is not THREADED",
    ),
    (
        "a source that is not built",
        {"parsers/new.cc": SOURCE},
        "parsers/new.cc:1: this source is in no CMakeLists",
    ),
    (
        "a source in a comment of CMake only",
        {"base/old.cc": SOURCE},
        "base/old.cc:1: this source is in no",
    ),
    (
        "a test that is not built",
        {"tests/parsers/new_test.cc": SOURCE},
        "tests/parsers/new_test.cc:1: this test is in no",
    ),
    (
        "a scripted test that is not run",
        {"tests/new_test.py": '"""A test."""\n'},
        "tests/new_test.py:1: this test is in no",
    ),
    (
        "a fuzz target without seeds",
        {
            "tests/fuzz/new_fuzz.cc": SOURCE,
            "tests/fuzz/CMakeLists.txt": "fuzz(line_fuzz.cc new_fuzz.cc)\n",
        },
        "tests/fuzz/new_fuzz.cc:1: this fuzz target has no seeds",
    ),
    (
        "a listed source that is missing",
        {"parsers/line.cc": None},
        "parsers/CMakeLists.txt:1: parsers/line.cc is listed and",
    ),
    ("a folder without README", {"agent/README.md": None}, "agent/README.md:1: missing"),
    (
        "a header without #pragma once",
        {NEW_HEADER: "// What.\nint a;\n"},
        "parsers/new.h:1: #pragma once must",
    ),
    (
        "#pragma once too late",
        {NEW_HEADER: "// What.\n#include <string>\n#pragma once\n"},
        "parsers/new.h:1: #pragma once must",
    ),
    (
        "a header without comment",
        {NEW_HEADER: "#pragma once\n"},
        "parsers/new.h:1: no opening comment",
    ),
    (
        "a source without comment",
        {"base/clock.cc": "int a;\n"},
        "base/clock.cc:1: no opening comment",
    ),
    (
        "a module without docstring",
        {"scripts/part.py": "a = 1\n"},
        "scripts/part.py:1: no opening docstring",
    ),
    (
        "a script without comment",
        {"run.sh": "#!/usr/bin/env bash\nset -e\n"},
        "run.sh:1: no opening comment",
    ),
    ("an executable without #!", {"run.sh": "# Runs.\n"}, "run.sh:1: executable without"),
    (
        "#! without the mode",
        {"scripts/part.sh": "#!/bin/sh\n# Part.\n"},
        "scripts/part.sh:1: a #! line, but not",
    ),
    ("white space at the end", {"docs/a.md": "a \n"}, "docs/a.md:1: white space"),
    ("a tab", {"base/clock.h": HEADER + "\tint a;\n"}, "base/clock.h:3: a tab"),
    ("no last line end", {"docs/a.md": "a"}, "docs/a.md:1: the last line"),
    (
        "a document that names a missing file",
        {"docs/a.md": "a\n\nsee `parsers/gone.h`\n"},
        "docs/a.md:3: `parsers/gone.h` names",
    ),
    (
        "a document that names a missing source",
        {"docs/a.md": "`gone.cc`\n"},
        "docs/a.md:1: `gone.cc` names",
    ),
    (
        "a document with a missing script",
        {"docs/a.md": "`./gone.sh --x`\n"},
        "docs/a.md:1: `./gone.sh` names",
    ),
    (
        "a pattern that fits nothing",
        {"docs/a.md": "`agent/gone_*.cc`\n"},
        "docs/a.md:1: `agent/gone_*.cc` names",
    ),
    (
        "a link that leads nowhere",
        {"README.md": "[a](docs/gone.md)\n"},
        "README.md:1: the link to docs/gone.md",
    ),
    (
        "a test that docs/field.md names and nobody wrote",
        {"docs/field.md": '| 1 | `tests/parsers/line_test.cc` "another" |\n'},
        'docs/field.md:1: tests/parsers/line_test.cc has no test "another"',
    ),
    (
        "a test without its file",
        {"docs/field.md": '| 1 | "a line in two" |\n'},
        "docs/field.md:1: no file stands before",
    ),
    (
        "a lesson without a test",
        {"docs/field.md": "| 7 | nothing |\n"},
        "docs/field.md:1: a row without a test",
    ),
    (
        "a bool parameter",
        {NEW_HEADER: HEADER + "void F(int a,\n       bool fast);\n"},
        "parsers/new.h:4: bool parameter fast",
    ),
    (
        "a bool parameter with a default",
        {NEW_HEADER: HEADER + "void F(bool x = true);\n"},
        "parsers/new.h:3: bool parameter x",
    ),
    (
        "a bool parameter without a name",
        {NEW_HEADER: HEADER + "std::function<void(bool)> f;\n"},
        "parsers/new.h:3: bool parameter without",
    ),
)


def _write(root, files):
    for name, text in files.items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755 if name in ("run.sh", "tests/e2e_test.py") else 0o644)


def _findings_of(findings, changes):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        subprocess.run(["git", "init", "--quiet", folder], check=True)
        _write(root, {**CLEAN, **changes})
        return [str(finding) for finding in findings(root)]


def run(findings):
    """Checks `findings`, a function of a root folder; returns an exit status."""
    failures = [f"the clean tree: {finding}" for finding in _findings_of(findings, {})]
    for what, changes, expected in CASES:
        found = _findings_of(findings, changes)
        if not any(finding.startswith(expected) for finding in found):
            failures.append(f"{what}: expected {expected!r}, found {found}")
    print("\n".join(failures) or f"{len(CASES)} broken rules, each found")
    return 1 if failures else 0
