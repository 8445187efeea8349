"""The command lines of both programs as their --help tells them: commands, options, arguments."""

import dataclasses
import re
import subprocess

_ENTRY = re.compile(r"^  (\S.*?)(?:  +(\S.*))?$")
_OPTION = re.compile(r"(?P<names>[-\w,]+)(?: (?P<rest>.*))?")
_CHOICES = re.compile(r":\{([^}]*)\}")


@dataclasses.dataclass
class Option:
    """`value` is what it takes, as in FILE or TEXT; empty: nothing. `choices`: all that it may be."""

    names: list
    value: str
    choices: list
    text: str


@dataclasses.dataclass
class Command:
    """`words` lead to it behind the program's name; `commands` are those below it."""

    words: tuple
    text: str
    usage: str
    options: list
    arguments: list  # (name, text)
    commands: list

    def all(self):
        """Itself and all below, outer ones first."""
        yield self
        for command in self.commands:
            yield from command.all()


def _entries(section):
    """(left, right) of each entry; what wraps is one text again."""
    entries = []
    for line in section.splitlines():
        found = _ENTRY.match(line)
        if found and not line.startswith("   "):
            entries.append([found[1], found[2] or ""])
        elif line.strip():
            entries[-1][1] += f" {line.strip()}"
    return [(left, right.strip()) for left, right in entries]


def _option(left, text):
    found = _OPTION.match(left)
    rest = found["rest"] or ""
    choices = _CHOICES.search(rest)
    default = re.match(r"(?:TEXT|UINT)=(\S+)", rest)
    value = re.sub(r"Needs:.*|:\{.*|(?<=TEXT|UINT)=.*", "", rest).strip()
    if default:
        text += f"; {default[1]} if it is not said"
    return Option(found["names"].split(","), value, choices[1].split(",") if choices else [], text)


def read(program, *words):
    """The command that `words` lead to, of the program at that path."""
    run = subprocess.run([program, *words, "--help"], check=True, text=True, capture_output=True)
    head, *rest = re.split(r"^(Positionals|Options|Subcommands):\n", run.stdout, flags=re.MULTILINE)
    text, _, usage = head.partition("\nUsage: ")
    sections = dict(zip(rest[::2], rest[1::2]))
    return Command(
        words, " ".join(text.split()), " ".join(usage.split()),
        [_option(*entry) for entry in _entries(sections.get("Options", ""))],
        [(left.split()[0], right) for left, right in _entries(sections.get("Positionals", ""))],
        [read(program, *words, left.split()[0])
         for left, _ in _entries(sections.get("Subcommands", ""))])
