#!/usr/bin/env python3
"""No function that the linker may merge uses instructions which not every processor has.

    tests/cpus/merged_functions.py BUILD    scans all object files of a build folder; exit 1 if any
    tests/cpus/merged_functions.py --self-test

The JSON kernel is compiled several times, once a kind of processor. An inline function or a
template that two of those objects have in common is merged by the linker: it keeps either copy,
maybe the one for the newest processor, and calls it everywhere. So no weak function, and nothing
that runs before main, may hold an instruction beyond x86-64's first version. Exempt are names in
a namespace of the processor's (simdjson::haswell), since no other object has them.
"""

import collections
import pathlib
import re
import subprocess
import sys
import tempfile

TARGET_NAMESPACE = re.compile(r"(?<!\d)(7haswell|7icelake|8westmere)")
BEFORE_MAIN = re.compile(r"_GLOBAL__sub_I|_Z41__static_initialization")
LABEL = re.compile(r"^[0-9a-f]+ <(.+)>:$")
INSTRUCTION = re.compile(r"^ +[0-9a-f]+:\t((?:[0-9a-f]{2} )+) *\t(\S.*)$")

SEGMENT_PREFIXES = (0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x67)
VEX_AND_EVEX = (0xC4, 0xC5, 0x62)
THREE_BYTE_OPCODES = (0x38, 0x3A)  # SSSE3, SSE4, AES, SHA, MOVBE, ADX, CRC32
SSE3_OPCODES = ((0xF2, 0x12), (0xF3, 0x12), (0xF3, 0x16), (0x66, 0x7C), (0xF2, 0x7C),
                (0x66, 0x7D), (0xF2, 0x7D), (0x66, 0xD0), (0xF2, 0xD0), (0xF2, 0xF0))
# Not TZCNT (F3 0F BC): an old processor takes it for BSF, which is what compilers use it as.
COUNTING_OPCODES = ((0xF3, 0xB8), (0xF3, 0xBD))  # POPCNT, LZCNT


def beyond_first_version(code):
    """Whether the bytes of one instruction are of an extension that x86-64 did not begin with."""
    at = 0
    while at < len(code) and code[at] in SEGMENT_PREFIXES:
        at += 1
    if at == len(code):
        return False
    if code[at] in VEX_AND_EVEX:
        return True
    repeat = 0
    while code[at] in (0x66, 0xF2, 0xF3):
        repeat = code[at] if code[at] != 0x66 or not repeat else repeat
        at += 1
        if at == len(code):
            return False
    if code[at] & 0xF0 == 0x40:  # REX
        at += 1
    if code[at : at + 1] != b"\x0f" or at + 1 >= len(code):
        return False
    opcode = code[at + 1]
    return opcode in THREE_BYTE_OPCODES or (repeat, opcode) in SSE3_OPCODES + COUNTING_OPCODES


def weak_functions(path):
    """Names of functions that another object may define, too."""
    listing = subprocess.run(
        ["readelf", "--syms", "--wide", path], check=True, capture_output=True, text=True
    ).stdout
    rows = (line.split() for line in listing.splitlines())
    return {
        row[7]
        for row in rows
        if len(row) == 8 and row[3] == "FUNC" and row[4] in ("WEAK", "UNIQUE") and row[6] != "UND"
    }


def instructions(path):
    """(function, bytes, text) of each instruction of an object file."""
    listing = subprocess.run(
        ["objdump", "--disassemble", "--wide", path], check=True, capture_output=True, text=True
    ).stdout
    function = ""
    for line in listing.splitlines():
        if label := LABEL.match(line):
            function = label.group(1)
        elif found := INSTRUCTION.match(line):
            yield function, bytes.fromhex(found.group(1)), found.group(2)


def scan(path):
    """(number of functions looked at, {function: its first such instruction})."""
    merged = weak_functions(path)
    suspects, found = set(), {}
    for function, code, text in instructions(path):
        if TARGET_NAMESPACE.search(function):
            continue
        if function not in merged and not BEFORE_MAIN.match(function):
            continue
        suspects.add(function)
        if function not in found and beyond_first_version(code):
            found[function] = text
    return len(suspects), found


def demangled(name):
    """As C++ writes it."""
    run = subprocess.run(["c++filt", name], check=True, capture_output=True, text=True)
    return run.stdout.strip()


def check(build):
    """Scans `build`; returns an exit status."""
    objects = sorted(pathlib.Path(build).rglob("*.o"))
    functions = 0
    findings = collections.defaultdict(dict)
    for path in objects:
        looked_at, found = scan(path)
        functions += looked_at
        if found:
            findings[path] = found
    for path, found in findings.items():
        for function, text in found.items():
            print(f"{path}: {demangled(function)}: {text}")
    count = sum(len(found) for found in findings.values())
    print(f"{len(objects)} objects, {functions} functions that may be merged: {count} with "
          "instructions that not every processor has")
    return 1 if count or not functions else 0


SELF_TEST = """
#define SUM_OF_64 int sum = 0; for (int i = 0; i < 64; ++i) sum += v[i]; return sum;
namespace haswell { inline int Own(const int* v) { SUM_OF_64 } }
inline int Shared(const int* v) { SUM_OF_64 }
static int Local(const int* v) { return Shared(v) + haswell::Own(v); }
int (*local)(const int*) = Local;
int (*shared)(const int*) = Shared;
int (*own)(const int*) = haswell::Own;
"""


def self_test():
    """A shared function with AVX2 is found; one in a processor's namespace and a local one not."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = f"{folder}/a.cc", f"{folder}/a.o"
        pathlib.Path(source).write_text(SELF_TEST, encoding="utf-8")
        outcomes = []
        for flags in ([], ["-mavx2"]):
            subprocess.run(["c++", "-O3", *flags, "-c", source, "-o", target], check=True)
            outcomes.append(sorted(scan(target)[1]))
    expected = [[], ["_Z6SharedPKi"]]
    print("found" if outcomes == expected else f"expected {expected}, found {outcomes}")
    return 0 if outcomes == expected else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(self_test() if sys.argv[1] == "--self-test" else check(sys.argv[1]))
