"""What both programs may say while they start, and warn of later: texts in their sources."""

import dataclasses
import re

from documents import REPOSITORY

FOLDERS = ("agent", "aggregator", "base", "parsers")
# Errors that end no start and are in no log, so the catalogue has none of them.
ELSEWHERE = {
    "agent/parse_command.cc": "the command parse",
    "aggregator/url_client.cc": "the commands probe and top",
    "aggregator/top_*.cc": "the command top",
    "aggregator/route_hpa.cc": "the command routes hpa",
    "aggregator/*_query.cc": "answers to requests",
    "aggregator/*_page.cc": "answers to requests",
    "aggregator/route_values.cc": "answers of /v1/routes",
    "aggregator/metric_*.cc": "answers of the metrics API",
    "aggregator/label_selector*.cc": "answers of the metrics API",
    "aggregator/request_identity.cc": "answers of the metrics API",
    "aggregator/access_review.cc": "answers of the metrics API",
    "aggregator/token_review.cc": "answers of the metrics API",
    "base/byte_codec*": "records, which are counted",
}
_TOLD = re.compile(
    r"(?P<logged>spdlog::(?:warn|error|log)\()"
    r"|\b(?:Fail|FailErrno|FailTls|Reject|RejectKey|Complain)[({]"
    r"|\b(?:trouble|refused|unreachable|no_proxy|loaded\.warning) \+?= ")
_LITERALS = re.compile(r'(?:"(?:[^"\\\n]|\\.)*"\s*)+')
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{[^{}]*\}")


@dataclasses.dataclass(frozen=True)
class Message:
    """A text with places for values; `place` is file:line."""

    place: str
    text: str

    def pattern(self):
        """What finds the message, whatever stands in its places."""
        spelt = {"{{": re.escape("{"), "}}": re.escape("}")}
        parts, at = [], 0
        for found in _PLACEHOLDER.finditer(self.text):
            parts += [re.escape(self.text[at:found.start()]), spelt.get(found.group(), ".*")]
            at = found.end()
        return re.compile("".join(parts) + re.escape(self.text[at:]))


def _statement(text, begin):
    """From `begin` to the ';' that ends it: not one inside a string."""
    return re.compile(r'(?:"(?:[^"\\\n]|\\.)*"|[^;"])*').match(text, begin).group()


def _texts(statement):
    """Its texts that are sentences: keys and names of one word are none."""
    for found in _LITERALS.finditer(statement):
        text = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', found.group()))
        text = text.encode().decode("unicode_escape").encode("latin-1").decode().strip()
        if " " in _PLACEHOLDER.sub("", text).strip() and re.search("[a-z]{3}", text):
            yield text


def _of_file(path):
    text = path.read_text()
    name = str(path.relative_to(REPOSITORY))
    elsewhere = any(path.match(pattern) for pattern in ELSEWHERE)
    for found in _TOLD.finditer(text):
        if elsewhere and not found["logged"]:
            continue
        line = text.count("\n", 0, found.start()) + 1
        for said in _texts(_statement(text, found.start())):
            yield Message(f"{name}:{line}", said)


def read():
    """All of them, in the order of the sources."""
    for folder in FOLDERS:
        for path in sorted((REPOSITORY / folder).glob("*.cc")) + sorted(
                (REPOSITORY / folder).glob("*.h")):
            yield from _of_file(path)
