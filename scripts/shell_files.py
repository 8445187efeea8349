#!/usr/bin/env python3
"""Makes what belongs to a program in a shell: manual pages and completions, in packaging/.

    scripts/shell_files.py [BUILD]    BUILD: build/dev

They are made of the programs' --help and of the configuration's reference; a test compares.
"""

import pathlib
import subprocess
import sys

import command_lines
import completions
import man_pages
from configuration_reference import PROGRAMS, REPOSITORY, Reference

MAN = REPOSITORY / "packaging" / "man"
COMPLETIONS = REPOSITORY / "packaging" / "completions"


def make(build):
    """Path → text of each."""
    files = {}
    for program in PROGRAMS:
        name = f"routerate-{program.name}"
        path = build / program.name / name
        root = command_lines.read(path)
        version = subprocess.run([path, "--version"], check=True, text=True,
                                 capture_output=True).stdout.split()[-1]
        files[MAN / f"{name}.1"] = man_pages.of_program(name, root, version)
        files[MAN / f"{program.file}.5"] = man_pages.of_file(
            program.file, Reference(program, build).rows, version)
        files[COMPLETIONS / f"{name}.bash"] = completions.bash(name, root)
        files[COMPLETIONS / f"_{name}"] = completions.zsh(name, root)
        files[COMPLETIONS / f"{name}.fish"] = completions.fish(name, root)
    return files


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else REPOSITORY / "build" / "dev")
    for path, text in make(build).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
