#!/usr/bin/env python3
"""Records docs/terminal.svg: a terminal, with what the real programs answer while a shop has traffic.

    scripts/terminal_picture.py [--build build/release] [--seconds 310]

The aggregator with its broker, the agent, and lines of a little shop as the demo writes them; each
command is run by bash and shown as it stands. After five minutes every window has a value.
"""

import argparse
import html
import pathlib
import subprocess
import sys
import tempfile
import time

import demo
import traffic
from pipeline import Pipeline
from processes import Failed, Programs, wait_for

REPOSITORY = pathlib.Path(__file__).resolve().parents[1]
PICTURE = REPOSITORY / "docs" / "terminal.svg"
COMMANDS = (
    "curl -s 'localhost:9465/stats?limit=9' | awk '{print $2, $3, $4, $5, $6, $11, $14, $16}' | column -t",
    "curl -s localhost:9465/stats | awk 'NR > 1 && $11 {print $11 / $17, $4, $3}' | sort -rn | head -3",
    "curl -s 'localhost:9465/stats?format=json&by=service' | jq -c '.[] | {service, state, total}'",
    "routerate-aggregator routes explain GET /orders/48213",
)
STYLE = """\
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre; fill: #24292f; }
rect { fill: #f6f8fa; stroke: #d0d7de; }
.command { fill: #0550ae; font-weight: bold; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  rect { fill: #0d1117; stroke: #30363d; }
  .command { fill: #79c0ff; }
}"""
WIDTH, HEIGHT, MARGIN = 7.83, 18, 16  # of a character, of a line, around all; pixels


def record(commands, port, build):
    """The lines of the session: (class, text)."""
    for command in commands:
        yield "command", f"$ {command}"
        run = subprocess.run(
            ["bash", "-c", command.replace("localhost:9465", f"127.0.0.1:{port}")], text=True,
            check=True, stdout=subprocess.PIPE, env={"PATH": f"{build / 'aggregator'}:/usr/bin:/bin"})
        yield from (("output", line) for line in run.stdout.splitlines())
        yield "output", ""


def svg(lines):
    columns = max(len(text) for _, text in lines)
    width = round(2 * MARGIN + columns * WIDTH)
    height = 2 * MARGIN + len(lines) * HEIGHT
    texts = (f'<text class="{kind}" x="{MARGIN}" y="{MARGIN + (row + 1) * HEIGHT - 5}">'
             f"{html.escape(text, quote=False)}</text>"
             for row, (kind, text) in enumerate(lines) if text)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img">',
        "<title>A terminal: routes with their rates, by curl, awk, sort and jq</title>",
        f"<style>\n{STYLE}\n</style>",
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>', *texts,
        "</svg>", ""])


def session(programs, folder, build, seconds):
    """The session's lines, once the pipeline has had traffic for `seconds`."""
    pipeline = Pipeline(programs, build, folder / "run")
    pipeline.start_aggregator()
    logs = folder / "logs"
    logs.mkdir()
    web = traffic.NginxLines(logs / "nginx.access.log", base=60, seed=1)
    tomcat = traffic.TomcatLines(logs / "localhost_access_log.txt", base=40, seed=2)
    pipeline.start_agent(demo.inputs(folder))
    writers = web, tomcat
    for writer in writers:
        writer.start()
    begin = time.monotonic()
    wait_for("five minutes of traffic", lambda: time.monotonic() - begin > seconds, seconds + 10)
    lines = list(record(COMMANDS, pipeline.aggregator_port, build))[:-1]
    for writer in writers:
        writer.stop()
    return lines


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--build", type=pathlib.Path, default=REPOSITORY / "build" / "release")
    arguments.add_argument("--seconds", type=float, default=310)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="routerate-picture-") as name:
        with Programs(pathlib.Path(name)) as programs:
            lines = session(programs, pathlib.Path(name), options.build, options.seconds)
    PICTURE.write_text(svg(lines))
    print(*(text for _, text in lines), f"in {PICTURE}", sep="\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failure:
        sys.exit(f"terminal_picture.py: {failure}")
