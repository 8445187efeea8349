"""Manual pages of both programs, of their --help, and of their files, of the configuration's reference."""

import re

PROGRAMS = {
    "routerate-agent": {
        "what": "ship nginx and tomcat access logs to Kafka",
        "description":
            "Follows log files through rotations and restarts, and sends an event for each of "
            "their lines, or a summary of each second, to a Kafka topic. While Kafka is away the "
            "log files are the buffer. /metrics, /healthz and /readyz are served at listen of "
            "agent.yaml, port 9464.",
        "status": (("0", "done; of the agent: everything was acknowledged"),
                   ("1", "a mistake in the command line or a file, told on standard error"),
                   ("2", "SIGTERM, and not everything was acknowledged within drain_timeout")),
        "signals": (("SIGTERM, SIGINT", "reads on until every file is quiet and acknowledged, "
                     "then ends"),
                    ("SIGHUP", "reads the configuration again; with a mistake in it the one "
                     "before stays in force")),
        "environment": (("ROUTERATE_AGENT_YAML", "the text of agent.yaml, without --config"),),
        "files": (("/etc/routerate/agent.yaml", "see agent.yaml(5)"),
                  ("/var/lib/routerate/agent.checkpoint", "how far each log was acknowledged")),
        "also": "routerate-aggregator(1), agent.yaml(5)",
    },
    "routerate-aggregator": {
        "what": "request rates by route from routerate-agent's events",
        "description":
            "Counts what agents wrote to Kafka, and serves rates, latencies and totals of each "
            "route: /stats as text, JSON and CSV, /metrics for Prometheus, at listen of "
            "aggregator.yaml, port 9465; and Kubernetes' metrics APIs. Replicas share the topic's "
            "partitions and give the same answer.",
        "status": (("0", "done"),
                   ("1", "a mistake in the command line or a file, told on standard error; of "
                    "probe: not all answered")),
        "signals": (("SIGTERM, SIGINT", "ends"),),
        "environment": (),
        "files": (("/etc/routerate/aggregator.yaml", "see aggregator.yaml(5)"),
                  ("/etc/routerate/routes.yaml", "names of routes")),
        "also": "routerate-agent(1), aggregator.yaml(5)",
    },
}
FILES = {
    "agent.yaml": ("routerate-agent", "configuration of routerate-agent"),
    "aggregator.yaml": ("routerate-aggregator", "configuration of routerate-aggregator"),
}
RULES = (
    "A YAML map. An unknown key is a mistake, told with its line and the keys that there are; check "
    "of the program says what is in force.",
    "${NAME} and ${NAME:-default} in a value are replaced from the environment, after the YAML was "
    "parsed. A variable that is empty counts as not set.",
    "Sizes are whole numbers of bytes, or with a unit: B, KiB, MiB, GiB, KB, MB, GB. Durations have "
    "one: ms, s, m, h.",
)


def escape(text):
    """Text that troff takes for nothing else."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return re.sub(r"^([.'])", r"\\&\1", text)


def _tagged(pairs):
    """A list of terms with their meanings."""
    for term, text in pairs:
        yield from (".TP", f".B {escape(term)}", escape(text) or r"\&")


def _section(title, lines):
    lines = list(lines)
    return [f".SH {title}", *lines] if lines else []


def _options(command):
    for option in command.options:
        names = ", ".join(option.names)
        value = "|".join(option.choices) or option.value
        yield f"{names} {value}".strip(), option.text


def _synopsis(root):
    for command in root.all():
        if command.commands and command.words:
            continue
        words = command.usage.split()
        bold = 1 + len(command.words)
        yield from (".PP", rf"\fB{escape(' '.join(words[:bold]))}\fR {escape(' '.join(words[bold:]))}")


def _commands(root):
    for command in root.all():
        if command.words and not command.commands:
            yield f".SS {escape(' '.join(command.words))}"
            yield escape(command.text)
            yield from _tagged(command.arguments)
            yield from _tagged(pair for pair in _options(command) if not pair[0].startswith("-h"))


def of_program(name, root, version):
    told = PROGRAMS[name]
    return "\n".join([
        f'.TH {escape(name.upper())} 1 "" "routerate {version}" "routerate"',
        *_section("NAME", [rf"{escape(name)} \- {escape(told['what'])}"]),
        *_section("SYNOPSIS", _synopsis(root)),
        *_section("DESCRIPTION", [escape(told["description"])]),
        *_section("OPTIONS", _tagged(_options(root))),
        *_section("COMMANDS", _commands(root)),
        *_section('"EXIT STATUS"', _tagged(told["status"])),
        *_section("SIGNALS", _tagged(told["signals"])),
        *_section("ENVIRONMENT", _tagged(told["environment"])),
        *_section("FILES", _tagged(told["files"])),
        *_section('"SEE ALSO"', [escape(told["also"])]), ""])


def _key(row):
    facts = [row["type"].replace(", ", " | ")]
    if row["default"] == "required":
        facts.append("required")
    elif row["default"]:
        facts.append(f"default {row['default']}")
    if row["limits"]:
        facts.append(" to ".join(row["limits"]))
    yield from (".TP", rf"\fB{escape(row['key'])}\fR ({escape('; '.join(facts))})", escape(row["meaning"]))


def of_file(name, rows, version):
    program, what = FILES[name]
    return "\n".join([
        f'.TH {escape(name.upper())} 5 "" "routerate {version}" "routerate"',
        *_section("NAME", [rf"{escape(name)} \- {escape(what)}"]),
        *_section("DESCRIPTION", [line for text in RULES for line in (".PP", escape(text))][1:]),
        *_section("KEYS", [line for row in rows for line in _key(row)]),
        *_section("FILES", _tagged([(f"/etc/routerate/{name}", "as the packages have it")])),
        *_section('"SEE ALSO"', [escape(f"{program}(1)")]), ""])
