#!/usr/bin/env python3
"""The reference of agent.yaml and aggregator.yaml, as docs/configuration.md has it.

    scripts/configuration_reference.py [BUILD]    writes docs/configuration.md; BUILD: build/dev

Keys, types, limits, defaults and what is required are asked of the programs: each key is given what
it cannot be, and the refusal tells. Meanings are the comments of the options' headers. What one
has and the other has not is a mistake, told with its key.
"""

import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

import option_comments

REPOSITORY = pathlib.Path(__file__).resolve().parents[1]
DOCUMENT = REPOSITORY / "docs" / "configuration.md"
BEGIN, END = "<!-- {0}: begin of what is generated -->", "<!-- {0}: end -->"
TYPES = (  # what a refusal says, what the type is called, a value beyond its limits
    ("expected a text", "text", None),
    ("expected a list of texts", "list of texts", None),
    ("expected a map of texts", "map of texts", None),
    ("expected a list", "list", None),
    ("expected a map", "section", None),
    ("a size such as", "size", "9999999GiB"),
    ("a duration such as", "duration", "99999h"),
    ("expected a whole number", "whole number", "999999999999"),
    ("expected a number", "number", "1e9"),
    ("expected true or false", "true or false", None),
)
UNITS = {"size": (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)),
         "duration": (("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))}


class Mismatch(Exception):
    """Program, header or configuration say different things of a key."""


class Program:
    """One of the two, which is asked by its `check`."""

    def __init__(self, name, root, headers, least, given, without=None):
        self.name = name
        self.file = f"{name}.yaml"
        self.root = root  # the struct of the whole file
        self.headers = [REPOSITORY / header for header in headers]
        self.least = least  # the least configuration that is taken
        self.given = given  # ... with the sections and keys that others depend on
        self.without = without or {}  # key: another that excludes it

    def check(self, config, build):
        """Exit status and what it says of `config`."""
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            json.dump(config, file)
            file.flush()
            run = subprocess.run([build / self.name / f"routerate-{self.name}", "check",
                                  "--config", file.name], capture_output=True, text=True,
                                 env={key: value for key, value in os.environ.items()
                                      if not key.startswith("KUBERNETES_")})
        return run.returncode, (run.stdout or run.stderr).strip()


PROGRAMS = (
    Program("agent", "AgentOptions", ["agent/agent_options.h", "agent/redaction_options.h"],
            {"source": {"service": "shop"}, "inputs": [{"path": "/logs/*.log"}],
             "kafka": {"brokers": "kafka:9092"}},
            {"dead_letter": {"topic": "rejects"}, "redact": {"query": {"keys": ["token"]}}},
            without={"redact.query.except": "redact.query.keys"}),
    Program("aggregator", "AggregatorOptions", ["aggregator/aggregator_options.h"],
            {"kafka": {"brokers": "kafka:9092"}},
            {"http": {"certificate": "tls.crt", "key": "tls.key"},
             "metrics_api": {"certificate": "tls.crt", "key": "tls.key",
                             "api_server": "https://kubernetes.default.svc"}}),
)


def _steps(key):
    return [int(step) if step.isdigit() else step
            for step in key.replace("[]", ".0").split(".")]


def _get(config, key):
    for step in _steps(key):
        if not isinstance(config, (dict, list)) or (isinstance(config, dict) and step not in config):
            return None
        config = config[step]
    return config


def _with(config, key, value, without=None):
    """A copy of `config` in which `key` is `value`; None takes it away."""
    config = copy.deepcopy(config)
    for name, put in ((without, None), (key, value)):
        if name is None:
            continue
        *folders, last = _steps(name)
        at = config
        for step in folders:
            at = at.setdefault(step, {}) if isinstance(at, dict) else at[step]
        if put is None:
            at.pop(last, None)
        else:
            at[last] = put
    return config


def quantity(text, kind):
    """'64KiB' and 65536 as 64KiB; '60000ms' as 1m."""
    number, unit = re.fullmatch(r"(\d+)(\w*)", str(text)).groups()
    factors = dict(UNITS[kind]) | {"": 1}
    amount = int(number) * factors[unit]
    return next((f"{amount // factor}{name}" for name, factor in UNITS[kind]
                 if amount and amount % factor == 0), f"0{UNITS[kind][-1][0]}")


class Reference:
    """All keys of a program's file, in the headers' order."""

    def __init__(self, program, build):
        self.program = program
        self.build = build
        self.base = program.least | program.given
        self.structs, self.described = option_comments.read(*program.headers)
        _, in_force = program.check(program.least, build)
        code, sections = program.check(self.base, build)
        if code:
            raise Mismatch(f"{program.file}: {sections}")
        self.defaults = [yaml.safe_load(shown) for shown in (in_force, sections)]
        self.rows = list(self.section("", program.root))

    def refusal(self, key, value):
        """What the program says of `key` with this value; empty if it takes it."""
        config = _with(self.base, key, value, self.program.without.get(key))
        code, said = self.program.check(config, self.build)
        found = re.search(re.escape(key.replace("[]", "[0]")) + r"(\[0\])?: (.*)", said)
        if not code or not found:
            return ""
        return "expected a list" if found[1] else found[2]

    def known_keys(self, prefix):
        said = self.refusal(prefix + "no_such_key", "x")
        found = re.search(r"known here: (.*)", said)
        if not found:
            raise Mismatch(f"{self.program.file}: {prefix or 'the root'} does not tell its keys: {said}")
        return set(found[1].split(", "))

    def section(self, prefix, struct):
        """A row for each key, sections before what is in them."""
        left = self.known_keys(prefix)
        for member in self.structs.get(struct, ()):
            keys = [member.key]
            if member.comment.startswith("no key"):
                keys = [key for key in re.findall(r"`(\w+)`", member.comment)
                        if key in self.described]
            for key in keys:
                if key not in left:
                    raise Mismatch(f"{struct}: {key} is no key of {self.program.file}; if it is not "
                                   "meant to be one, its comment begins with 'no key'")
                left.remove(key)
                yield from self.key(prefix + key, member)
        for key in [key for key in self.described if key in {prefix + rest for rest in left}]:
            left.remove(key.removeprefix(prefix))
            yield from self.key(key, None)
        if left:
            raise Mismatch(f"{self.program.file}: {prefix}{min(left)} has no comment in "
                           f"{self.program.headers[0].relative_to(REPOSITORY)}")

    def key(self, key, member):
        meaning = self.described.get(key) or (member and member.meaning())
        if not meaning:
            raise Mismatch(f"{self.program.file}: {key} has no comment in its header")
        kind, limits = self.type(key)
        self.compare_limits(key, kind, limits, member)
        yield {"key": key, "type": kind, "default": self.default(key, kind), "limits": limits,
               "meaning": meaning}
        if kind in ("section", "list"):
            words = re.findall(r"\w+", member.type) if member else []
            inner = next((word for word in words if word in self.structs), None)
            yield from self.section(key + ("[]." if kind == "list" else "."), inner)

    def type(self, key):
        """Its name, and the limits; choices are a type of their own."""
        for wrong in [[]], "no such word":
            said = self.refusal(key, wrong)
            choices = re.search(r"one of ([\w, ]+)$", said)
            if choices and "expected one of" in said:
                return choices[1], None
            named = next((entry for entry in TYPES if entry[0] in said), None)
            if named and named[1] == "text" and "a duration" in self.refusal(key, "no such word"):
                continue  # or a word, lateness: auto
            if not named:
                raise Mismatch(f"{self.program.file}: {key} does not tell its type: {said}")
            if not named[2]:
                return named[1], None
            limits = re.search(r"expected (.*) to (.*)$", self.refusal(key, named[2])).groups()
            return named[1], [quantity(limit, named[1]) if named[1] in UNITS else limit
                              for limit in limits]
        raise Mismatch(f"{self.program.file}: {key} does not tell its type: {said}")

    def compare_limits(self, key, kind, limits, member):
        said = member and member.limits()
        if said and kind in UNITS:
            said = [quantity(limit, kind) for limit in said]
        if limits and list(said or ()) != limits:
            raise Mismatch(f"{self.program.file}: {key}: its comment should say "
                           f"{limits[0]}..{limits[1]}")

    def default(self, key, kind):
        """As text; None: there is none."""
        if kind not in ("section",) and _get(self.base, key) is not None:
            said = self.refusal(key, None)
            if "is required" in said:
                return "required"
        value = None
        for config, shown in zip((self.program.least, self.base), self.defaults):
            if _get(config, key) is None and value is None:
                value = _get(shown, key)
        if value in (None, "", [], {}) or kind in ("section", "list") or str(value)[:1] == "(":
            return None
        return quantity(value, kind) if kind in UNITS and value != "auto" else str(value)


def table(reference):
    """The keys as a table of Markdown."""
    lines = ["| key | type | default | limits | meaning |", "|---|---|---|---|---|"]
    for row in reference.rows:
        default = row["default"]
        default = {None: "", "required": "required"}.get(default, f"`{default}`")
        choices = " \\| ".join(f"`{word}`" for word in row["type"].split(", "))
        kind = choices if ", " in row["type"] else row["type"]
        limits = " to ".join(row["limits"] or ())
        meaning = row["meaning"].replace("|", "\\|")
        lines.append(f"| `{row['key']}` | {kind} | {default} | {limits} | {meaning} |")
    return "\n".join(re.sub(r"  +\|", " |", line) for line in lines)


def document(text, build):
    """`text` of docs/configuration.md with the tables made again."""
    for program in PROGRAMS:
        begin, end = BEGIN.format(program.file), END.format(program.file)
        before, _, rest = text.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            raise Mismatch(f"{DOCUMENT.name} has no '{begin}' and '{end}'")
        text = f"{before}{begin}\n\n{table(Reference(program, build))}\n\n{end}{after}"
    return text


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else REPOSITORY / "build" / "dev")
    DOCUMENT.write_text(document(DOCUMENT.read_text(), build))


if __name__ == "__main__":
    try:
        main()
    except Mismatch as mismatch:
        sys.exit(f"configuration_reference.py: {mismatch}")
