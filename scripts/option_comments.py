"""What the headers of the options say of each field: struct by struct, member by member."""

import dataclasses
import re

_STRUCT = re.compile(r"^struct (\w+) \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
_MEMBER = re.compile(r"^(?P<type>[\w:<>, ]+?) (?P<name>\w+)(?: = .*|\{.*\})?;$")
_KEY = re.compile(r"^// `([\w.]+)`: (.*(?:\n//   .*)*)", re.MULTILINE)
_LIMITS = re.compile(r"[;,]? ?(\d+\w*)\.\.(\d+\w*)")


@dataclasses.dataclass
class Member:
    """A field: the key that it is read from, its type in C++, its comment."""

    key: str
    type: str
    comment: str

    def limits(self):
        """("1KiB", "128KiB"), or None."""
        found = _LIMITS.search(self.comment)
        return found and found.groups()

    def meaning(self):
        """The comment without the limits, which are told beside it."""
        return _LIMITS.sub("", self.comment).strip().rstrip(".")


def _member(statement, comment):
    found = _MEMBER.match(statement)
    if not found or "(" in found["type"]:
        return None
    return Member(found["name"].replace("name_space", "namespace"), found["type"], comment)


def members(body):
    """The members of a struct; a comment stands before its member, or behind it."""
    comment, statement = [], ""
    for line in body.splitlines():
        code, _, text = line.partition("//")
        if text:
            comment.append(text.strip())
        statement = f"{statement} {code.strip()}".strip()
        if statement.endswith(";"):
            member = _member(statement, " ".join(comment))
            comment, statement = [], ""
            if member:
                yield member
        elif not line.strip():
            comment = []


def read(*paths):
    """(struct → its members, key → meaning of keys that are described in a header's comment)."""
    structs, keys = {}, {}
    for path in paths:
        text = path.read_text()
        structs |= {name: list(members(body)) for name, body in _STRUCT.findall(text)}
        keys |= {key: re.sub(r"\n//  ", "", said) for key, said in _KEY.findall(text)}
    return structs, keys
