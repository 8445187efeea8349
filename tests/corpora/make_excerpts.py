#!/usr/bin/env python3
"""Makes the excerpts in this folder: make_excerpts.py CORPORA [LINES-PER-LOG [OUTPUT]]

CORPORA is a directory that holds the recorded logs and, under truth/, what was really sent (README.md beside this
file). The counts come from the truth records alone: of a log line nothing is used but its bytes and
whether they are strictly well-formed. Same input, same output.
"""
import collections
import gzip
import json
import os
import re
import sys

REQUEST_LINE = re.compile(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+ +(\S.*?)?(?: HTTP/.*)? *$", re.S)


def read(path):
    opened = gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")
    with opened as file:
        return file.read()


def log_lines(path):
    return read(path).split(b"\n")[:-1]


def records(corpora, name):
    return [json.loads(line) for line in read(f"{corpora}/truth/{name}.jsonl").split(b"\n") if line]


def path_of_target(target):
    """The path that DESIGN.md 4 promises for a request target."""
    absolute = re.match(r"^[A-Za-z][A-Za-z0-9+]*://[^/?#]*", target)
    if absolute:
        target = target[absolute.end():]
        if not target.startswith("/"):
            return "/"
    path = target.split("?", 1)[0]
    return "" if path == "-" else path


def path_of_first_line(raw):
    """The path in a malformed request, as far as there is one."""
    match = REQUEST_LINE.match(raw.lstrip("\r\n").split("\n", 1)[0].rstrip("\r"))
    return path_of_target(match.group(1) or "") if match else ""


def sent_path(record):
    return path_of_target(record["target"]) if "target" in record else path_of_first_line(record["raw"])


def is_json(line):
    try:
        json.loads(line.decode("utf-8"))
        return True
    except ValueError:
        return False


def is_utf8(line):
    try:
        line.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


class Line:
    """A log line and what the truth says of it. No path: the truth does not say."""

    def __init__(self, text, well_formed, kind, path, status):
        self.text, self.well_formed, self.kind = text, well_formed, kind
        self.path, self.status = path, status


def nginx_uri(record):
    # The truth models nginx's $uri for whole requests only.
    return record.get("expect_uri") if "target" in record else None


def nginx_request_target(record):
    # nginx logs as much of a line that is too long as its buffer held.
    return None if record["log_status"] == "414" else sent_path(record)


def nginx(corpora, name, path_of, well_formed):
    truth = {r["log_line"]: r for r in records(corpora, "nginx") if r.get("log_line")}
    for number, text in enumerate(log_lines(f"{corpora}/{name}.log"), 1):
        record = truth[number]
        yield Line(text, well_formed(text), record["kind"], path_of(record), record["log_status"])


def tomcat_path(record):
    """What was sent, but for what tomcat refused: it logs "null" or "-" in that place instead."""
    words = record["logged_request"].split(" ")
    if words[0] == "-":
        return ""
    refused = words[1:2] in (["null"], ["-"]) or words[2:] == ["null"]
    return path_of_target(words[1]) if refused else sent_path(record)


def tomcat(corpora, name):
    """A tomcat's rotated files, one behind the other."""
    truth = {r["log"]: (r["kind"], tomcat_path(r), r["log_status"])
             for r in records(corpora, name) if r.get("log")}
    if os.path.exists(f"{corpora}/truth/{name}-proxied.jsonl.gz"):
        for r in records(corpora, f"{name}-proxied"):
            truth[r["log"]] = ("normal", path_of_first_line(r["request"]), r["status"])
    for file in sorted({key.rsplit(":", 1)[0] for key in truth}):
        for number, text in enumerate(log_lines(f"{corpora}/{name}/{file}"), 1):
            yield Line(text, is_json(text), *truth[f"{file}:{number}"])


def logs(corpora):
    yield "nginx-default", nginx(corpora, "nginx-default", nginx_uri, is_json)
    yield "nginx-json", nginx(corpora, "nginx-json", nginx_request_target, is_json)
    yield "nginx-combined", nginx(corpora, "nginx-combined", nginx_request_target, is_utf8)
    for version in ("8.5.47", "8.5.100", "9", "10"):
        yield f"tomcat-{version}", tomcat(corpora, f"tomcat-{version}")


def write_gzip(path, content):
    # No name and no time in the header, so that the same lines give the same file.
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(content)


def telling(lines, limit):
    """At most `limit` of the lines, in order: the odd ones first, then ordinary ones from all over."""
    odd = [i for i, line in enumerate(lines) if line.kind != "normal"][:limit]
    ordinary = [i for i, line in enumerate(lines) if line.kind == "normal"]
    wanted = min(limit - len(odd), len(ordinary))
    spread = [ordinary[n * len(ordinary) // wanted] for n in range(wanted)]
    return [lines[i] for i in sorted(odd + spread)]


def write_excerpt(folder, name, lines):
    write_gzip(f"{folder}/{name}.log.gz", b"".join(line.text + b"\n" for line in lines))
    counts = collections.Counter((line.path, line.status) for line in lines)
    with open(f"{folder}/{name}.counts.tsv", "w", encoding="ascii") as out:
        for (path, status), count in sorted(counts.items()):
            out.write(f"{path.encode('unicode_escape').decode('ascii')}\t{status}\t{count}\n")


def main():
    corpora, limit = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    folder = sys.argv[3] if len(sys.argv) > 3 else os.path.dirname(os.path.abspath(__file__))
    for name, lines in logs(corpora):
        lines = list(lines)
        known = [line for line in lines if line.path is not None]
        well_formed = telling([line for line in known if line.well_formed], limit)
        damaged = telling([line for line in known if not line.well_formed], limit)
        write_excerpt(folder, name, well_formed)
        if damaged:
            write_excerpt(folder, f"{name}.damaged", damaged)
        print(f"{name}: {len(lines)} lines, {len(known)} of known path; "
              f"excerpt {len(well_formed)} well-formed, {len(damaged)} damaged")


if __name__ == "__main__":
    main()
