#!/usr/bin/env python3
"""Makes the first seeds of the fuzz targets, out of recorded logs and the project's own examples.

    tests/fuzz/make_seeds.py [FOLDER]      tests/fuzz/seeds without a folder

Seeds named recorded-*, example-* and drawn-* are made here; the others are inputs that once broke a
promise, and are left alone.
"""

import gzip
import pathlib
import random
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
LINES_PER_LOG = 14
LINES_PER_SEED = 2
MOST_BYTES = 1500  # of a line

FORMATS = {
    "nginx_fuzz": ("nginx-default", "nginx-default.damaged", "nginx-json", "nginx-json.damaged"),
    "tomcat_fuzz": (
        "tomcat-8.5.47",
        "tomcat-8.5.47.damaged",
        "tomcat-8.5.100",
        "tomcat-8.5.100.damaged",
        "tomcat-9",
        "tomcat-10",
    ),
    "combined_fuzz": ("nginx-combined",),
}
JSON_VALVE = (
    b'{"host":"10.0.0.1","logicalUserName":"-","user":"alice",'
    b'"time":"[22/Nov/2026:23:59:44 +0800]",'
    b'"request":"GET /a?b=1 HTTP/1.1","statusCode":"200","size":"5","elapsedTime":"12",'
    b'"requestHeaders": {"Referer":"-","User-Agent":"say \\"hi\\""}}'
)
COMBINED = (
    b'10.0.0.1 - bob [22/Nov/2026:23:59:44 +0800] "GET /a HTTP/1.1" 200 5 "-" "x" "1.2.3.4" 0.012',
    b'10.0.0.1 - - [22/Nov/2026:23:59:44 +0800] "GET /a HTTP/1.1" 200 5 "-" "x" rt=0.012 uct="-"',
    b'10.0.0.1 - - [22/Nov/2026:23:59:44 +0800] "GET /a HTTP/1.1" 200 -',
    b'10.0.0.1 - a]b [22/Nov/2026:23:59:44 +0800] "\\x16\\x03" 400 0 "\\"-\\"" "\\t"',
)
RULES = (
    b"\t\t\t/orders/{id}\ncheckout\t\t\t/checkout/**\ncart-writes\tPOST\t\t/cart/{cart}/items\n"
    b"product-page\t\t\t/products/{sku:[A-Z]{3}-[0-9]+}\nsearch-shop\t\tshop.example.com\t/search\n"
    b"fonts\t\t\t/fonts/*.woff2\nhelp\t\t\t(/en|/de)/(help|faq)(/.*)?\n\n"
)
BAD_RULES = (
    b"a\t\t\t(\n\n",
    b"\t\t\t/{a\n\n",
    b"other\t\t\t/x\n\n",
    b"-\t\t\t/x\n\n",
    b"\t\t\t[a-z]+\n\n",
)
HEADERS = (
    b"rr-version: 1\nrr-kind: events\nrr-source: shop/web/web-7c9f\nrr-file: 2a-1f\n"
    b"rr-watermark: 1\n"
)

API_REQUESTS = (
    b"GET /apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/pods/%2A/rps?labelSelector=a%3Db",
    b"GET /apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/metrics/rps",
    b"HEAD /apis/custom.metrics.k8s.io/v1beta1/nodes/n/rps",
    b"GET /apis/external.metrics.k8s.io/v1beta1/namespaces/shop/rps?watch=1",
    b"GET /apis/external.metrics.k8s.io/v1beta1/watch/namespaces/shop/rps",
    b"DELETE /api/v1/namespaces/shop/status",
    b"POST /apis/a/b/proxy/namespaces/x/y/z/",
    b"GET //apis/../%00/%ff",
)

PAGES = (
    b"GET /stats?by=route&format=text&sort=total&limit=5&colour=1",
    b"GET /stats?by=pod&format=json&namespace=shop&service=web",
    b"GET /stats?by=pod&route=get-orders-id&method=GET&format=csv",
    b"GET /stats?format=ndjson&watch=1&grep=%28%3Fi%29orders%7Cid",
    b"GET /stats?format=prom&method=-",
    b"GET /stats?sort=p99_ms&watch=60&by=service",
    b"GET /v1/routes/get-orders-id?namespace=shop&service=web&method=GET&code=5xx",
    b"GET /v1/routes/get-orders-id?namespace=shop&service=zoo&host=a&workload=deployments.apps/web",
    b"HEAD /metrics",
    b"GET /readyz",
    b"POST /stats?%00=%FF&&=&a=%zz+b",
)
CONNECTIONS = (
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\nHEAD /l HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /s HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /s HTTP/1.0\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nT: 1\r\n\r\n",
    b"PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
    b"GET http://x/below/a?b=%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/1.1\nHost: x\n\n",
    b"GET /\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
)


def shapes(line):
    """What is telling about a line: its values without their letters and digits."""
    parts = re.split(rb'","|":|" | \[|\] ', line)
    short = (re.sub(rb"[0-9]+", b"0", re.sub(rb"[A-Za-z]+", b"a", part))[:24] for part in parts)
    escapes = re.findall(rb"\\[^u]|\\u00[0-9A-Fa-f]|[\x80-\xff]", line)
    return {*short, *(escape[:4] for escape in escapes)}


def telling_lines(name):
    """The lines of a log that show most between them, in the log's order."""
    with gzip.open(TESTS / "corpora" / f"{name}.log.gz") as file:
        lines = [line for line in file.read().split(b"\n") if 0 < len(line) <= MOST_BYTES]
    known, chosen = set(), []
    while len(chosen) < LINES_PER_LOG and lines:
        best = max(range(len(lines)), key=lambda i: len(shapes(lines[i]) - known))
        known |= shapes(lines[best])
        chosen.append((best, lines[best]))
        lines[best] = b""
    return [line for _, line in sorted(chosen)]


def logs():
    """(target, name, bytes) of the format targets, and of auto with formats one behind another."""
    mixed = []
    for target, names in FORMATS.items():
        for name in names:
            lines = telling_lines(name)
            mixed.append(lines[0])
            for i in range(0, len(lines), LINES_PER_SEED):
                part = b"\n".join(lines[i : i + LINES_PER_SEED])
                yield target, f"recorded-{name}-{i // LINES_PER_SEED}", part
    yield "tomcat_fuzz", "example-valve", JSON_VALVE
    for i, line in enumerate(COMBINED):
        yield "combined_fuzz", f"example-{i}", line
    mixed += [JSON_VALVE, *COMBINED]
    for i, line in enumerate(mixed):
        yield "auto_fuzz", f"recorded-{i}", line + b"\n" + mixed[i - 1] + b"\r\n\n" + line


def drawn(generator, first, size):
    """Decisions for a target that takes them from bytes."""
    return first + bytes(generator.choice((0, 1, 2, generator.randrange(256))) for _ in range(size))


def others():
    """(target, name, bytes) of the other targets."""
    generator = random.Random(1)
    for i in range(48):
        yield "forgery_fuzz", f"drawn-{i}", drawn(generator, bytes([i]), 120 + 8 * i)
    golden = (TESTS / "golden" / "event_record.txt").read_bytes().split(b"\n")
    for i, line in enumerate(line for line in golden if line.startswith(b"{")):
        yield "record_fuzz", f"example-{i}", b"e" + line + b"\n"
    golden = (TESTS / "golden" / "summary_record.txt").read_bytes().split(b"\n")
    for i, line in enumerate(line for line in golden if line.startswith(b"{")):
        yield "summary_fuzz", f"example-{i}", b"e" + line + b"\n"
    for i in range(4):
        yield "summary_fuzz", f"drawn-{i}", drawn(random.Random(i), b"w", 200)
    yield "record_fuzz", "example-headers", b"h" + HEADERS
    yield "record_fuzz", "example-summary", b"h" + HEADERS.replace(
        b"events", b"summary") + b"rr-first: 0\nrr-last: 9\n"
    yield "record_fuzz", "example-goodbye", b"h" + HEADERS.replace(b"events", b"goodbye")
    for i in range(4):
        yield "record_fuzz", f"drawn-{i}", drawn(generator, b"w", 300)
    requests = (TESTS / "golden" / "routes_automatic.txt").read_bytes().split(b"\n")
    paths = [line.split(b"\t")[0] for line in requests if line.startswith(b"/")]
    for i in range(0, len(paths), 12):
        lines = b"".join(b"GET\tshop.example.com\t" + path + b"\n" for path in paths[i : i + 12])
        yield "routes_fuzz", f"example-{i // 12}", (RULES if i % 24 else b"\n") + lines
    for i, rule in enumerate(BAD_RULES):
        yield "routes_fuzz", f"example-bad-{i}", rule + b"GET\t\t/a/1\n"
    for number, name in enumerate(("agent", "aggregator", "routes")):
        text = (ROOT / "configs" / f"{name}.yaml").read_bytes()
        bare = re.sub(rb"(?m)^ *#.*\n", b"", text)
        yield "config_fuzz", f"example-{name}", str(number).encode() + bare
        uncommented = re.sub(rb"(?m)^( *)# ((?: *)[a-z_.]+:)", rb"\1\2", text)
        yield "config_fuzz", f"example-{name}-all", str(number).encode() + uncommented
    for manifest in sorted((TESTS / "inject" / "manifests").iterdir()):
        yield "inject_fuzz", f"example-{manifest.stem}", manifest.read_bytes()
    for i, request in enumerate(API_REQUESTS):
        yield "request_fuzz", f"example-{i}", request
    for i, request in enumerate(PAGES):
        yield "views_fuzz", f"example-{i}", request
    for i, sent in enumerate(CONNECTIONS):
        yield "http_fuzz", f"example-{i}", sent


def main():
    """Writes the seeds, in place of the ones made before."""
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TESTS / "fuzz" / "seeds"
    for kind in ("recorded", "example", "drawn"):
        for old in folder.glob(f"*/{kind}-*"):
            old.unlink()
    total = 0
    for target, name, content in (*logs(), *others()):
        path = folder / target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        total += len(content)
    print(f"{total} bytes in {folder}")


if __name__ == "__main__":
    main()
