#!/usr/bin/env python3
"""Manual pages and completions are those of the programs, and shells take them."""

import os
import subprocess
import unittest

from documents import BUILD, compare
import shell_files
from shell_files import COMPLETIONS, MAN

AGENT, AGGREGATOR = "routerate-agent", "routerate-aggregator"
CASES = (  # words behind the program's name, the last one is being typed; what is offered
    (AGENT, ["c"], {"check"}),
    (AGENT, ["inject", "--format", ""], {"nginx", "tomcat", "combined", "auto"}),
    (AGENT, ["parse", "--format", "t"], {"tomcat"}),
    (AGENT, ["inject", "--work"], {"--workload"}),
    (AGGREGATOR, ["routes", ""], {"list", "explain", "hpa"}),
    (AGGREGATOR, ["routes", "hpa", "--mi"], {"--min"}),
    (AGGREGATOR, ["check", "--e"], {"--embedded-broker"}),
)


def run(*words, **options):
    return subprocess.run(words, check=True, text=True, capture_output=True, timeout=30, **options)


class ShellFiles(unittest.TestCase):
    def test_files(self):
        """Each is what the script makes; UPDATE_GOLDEN=1 writes them. There are no others."""
        made = shell_files.make(BUILD)
        for path, text in made.items():
            with self.subTest(path.name):
                compare(self, path, text)
        self.assertEqual({*MAN.iterdir(), *COMPLETIONS.iterdir()}, made.keys())

    def test_pages(self):
        """They are formatted without a warning, and end where they should."""
        environment = os.environ | {"LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
        for page in MAN.iterdir():
            with self.subTest(page.name):
                done = run("man", "--warnings", "-l", page, env=environment)
                self.assertEqual(done.stderr, "")
                self.assertIn("SEE ALSO", done.stdout)

    def test_bash(self):
        script = ('source "$1"; COMP_WORDS=("${@:2}"); COMP_CWORD=$(($# - 2)); "_${2//-/_}"; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        for program, words, offered in CASES:
            with self.subTest(words):
                done = run("bash", "-euc", script, "bash", COMPLETIONS / f"{program}.bash",
                           program, *words)
                self.assertEqual(set(done.stdout.split()), offered)

    def test_bash_files(self):
        """Where nothing of ours may stand, bash offers files."""
        script = ('source "$1"; COMP_WORDS=(routerate-agent check --config a); COMP_CWORD=3; '
                  '_routerate_agent; echo "${#COMPREPLY[@]}"; complete -p routerate-agent')
        done = run("bash", "-euc", script, "bash", COMPLETIONS / f"{AGENT}.bash")
        self.assertEqual(done.stdout, "0\ncomplete -o default -F _routerate_agent routerate-agent\n")

    def test_zsh(self):
        """What _arguments is told of a command has its options and its commands."""
        script = ('_arguments() { print -rl -- "$@" }; words=("${@:2}"); CURRENT=$#words; '
                  'source "$1" >/dev/null; "_${2//-/_}"')
        for program, words, offered in CASES:
            with self.subTest(words):
                told = run("zsh", "-fc", script, "zsh", COMPLETIONS / f"_{program}", program,
                           *words).stdout
                for word in offered:
                    self.assertRegex(told, rf"(?m)^\*?{word}\[|[( ]{word}[) ]")

    def test_fish(self):
        for program, words, offered in CASES:
            with self.subTest(words):
                done = run("fish", "--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"',
                           COMPLETIONS / f"{program}.fish", " ".join([program, *words]))
                self.assertEqual({line.split("\t")[0] for line in done.stdout.splitlines()}, offered)


if __name__ == "__main__":
    unittest.main()
