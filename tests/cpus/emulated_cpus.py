#!/usr/bin/env python3
"""The agent that is shipped says the same of every log on every processor.

    tests/cpus/emulated_cpus.py AGENT                    on x86-64 processors, old and new
    tests/cpus/emulated_cpus.py AGENT --arm64 AGENT --sysroot FOLDER

AGENT is routerate-agent as released, compiled for any x86-64. Its `parse` reads each excerpt of
tests/corpora, whole lines and halves of lines, here and emulated by qemu: on processors without
AVX, one with AVX2 but without AVX-512, and all that qemu knows; or the program --arm64, with the
libraries in FOLDER. Events and rejections must be the same bytes.
"""

import argparse
import concurrent.futures
import gzip
import os
import pathlib
import subprocess
import sys
import tempfile

CORPORA = pathlib.Path(__file__).resolve().parents[1] / "corpora"
CPUS = ("Nehalem", "Westmere", "Haswell", "max")
OF_QEMU = b"qemu-x86_64: warning: TCG doesn't support requested feature"
NEEDS_AVX = "int main(int n, char**) { volatile float x[8]; for (auto& y : x) y = n; return 0; }\n"


def on_cpu(cpu, program):
    """The command that runs an x86-64 program on `cpu`."""
    return ["qemu-x86_64", "-cpu", cpu, program]


def parse(command, log):
    """(exit status, standard output, lines of standard error) of `parse` over the text `log`."""
    run = subprocess.run(
        [*command, "parse", "--format", "auto", "-"], input=log, capture_output=True, check=False
    )
    told = [line for line in run.stderr.splitlines() if not line.startswith(OF_QEMU)]
    return run.returncode, run.stdout, told


def emulator_is_strict():
    """A program with AVX must die where there is no AVX, or this test would prove nothing."""
    with tempfile.TemporaryDirectory() as folder:
        source, program = f"{folder}/avx.cc", f"{folder}/avx"
        pathlib.Path(source).write_text(NEEDS_AVX, encoding="utf-8")
        subprocess.run(["c++", "-O2", "-mavx", source, "-o", program], check=True)
        runs = [
            subprocess.run(on_cpu(cpu, program), capture_output=True, check=False)
            for cpu in ("Nehalem", "Haswell")
        ]
    return [run.returncode == 0 for run in runs] == [False, True]


def compare(here, machines, path):
    """A line for each machine on which the log's events are not what they are here."""
    log = gzip.decompress(path.read_bytes())
    log += b"".join(line[: len(line) // 2] + b"\n" for line in log.splitlines(keepends=True))
    expected = parse(here, log)
    status, events, rejections = expected
    if status != 0 or not events or not rejections:
        return [f"{path.name}: here: exit status {status}: {rejections[-3:]}"]
    differences = []
    for name, command in machines.items():
        found = parse(command, log)
        if found != expected:
            differences.append(f"{path.name}: not on {name}: exit status {found[0]}: {found[2][-3:]}")
    return differences


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("agent")
    parser.add_argument("--arm64")
    parser.add_argument("--sysroot")
    return parser.parse_args()


def main():
    """Compares all excerpts; returns the exit status."""
    line = arguments()
    if line.arm64:
        machines = {"arm64": ["qemu-aarch64", "-L", line.sysroot, line.arm64]}
    else:
        machines = {cpu: on_cpu(cpu, line.agent) for cpu in CPUS}
        if not emulator_is_strict():
            print("qemu-x86_64 does not tell processors with AVX from those without")
            return 1
    logs = sorted(CORPORA.glob("*.log.gz"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda path: compare([line.agent], machines, path), logs)
        differences = [difference for of_one_log in found for difference in of_one_log]
    for difference in differences:
        print(difference)
    print(f"{len(logs)} logs on {', '.join(machines)}: {len(differences)} differences")
    return 1 if differences or not logs else 0


if __name__ == "__main__":
    sys.exit(main())
