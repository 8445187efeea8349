"""What an administrator does to a broker, for tests: topics, their limits, permissions.

Speaks the Kafka protocol itself, each request in a version that has no tagged fields: the command
line tools are not among the jars, and each call of one would start a JVM.
"""

import socket
import struct

LIST_OFFSETS = 2
CREATE_TOPICS, DELETE_TOPICS, CREATE_ACLS, DELETE_ACLS, ALTER_CONFIGS = 19, 20, 30, 31, 44
VERSIONS = {LIST_OFFSETS: 2, CREATE_TOPICS: 2, DELETE_TOPICS: 1, CREATE_ACLS: 1, DELETE_ACLS: 1,
            ALTER_CONFIGS: 0}
TOPIC, LITERAL, ANY, ALLOW, SET = 2, 3, 1, 3, 0
READ, DESCRIBE = 3, 8
CLIENT, UNCOMMITTED, LATEST = -1, 0, -1
NO_LEADER_YET = 5, 6
TIMEOUT_MS = 30_000


def text(value):
    if value is None:
        return struct.pack(">h", -1)
    return struct.pack(">h", len(value)) + value.encode()


def array(*items):
    return struct.pack(">i", len(items)) + b"".join(items)


def ask(address, api, body):
    """The answer behind its correlation id and the throttle time: an array of results."""
    host, port = address.rsplit(":", 1)
    request = struct.pack(">hhi", api, VERSIONS[api], 1) + text("test") + body
    with socket.create_connection((host, int(port)), timeout=TIMEOUT_MS / 1000) as broker:
        broker.sendall(struct.pack(">i", len(request)) + request)
        stream = broker.makefile("rb")
        (size,) = struct.unpack(">i", stream.read(4))
        return stream.read(size)[8:]


def check(what, results, named):
    """Fails unless the first result has no error; it begins with a name if `named`."""
    at = 4
    if named:
        at += 2 + struct.unpack_from(">h", results, at)[0]
    (error,) = struct.unpack_from(">h", results, at)
    if error:
        raise RuntimeError(f"{what}: Kafka's error {error}: {results[at + 2:]}")


def create_topic(address, topic, partitions=1):
    new = text(topic) + struct.pack(">ih", partitions, 1) + array() + array()
    body = array(new) + struct.pack(">i?", TIMEOUT_MS, False)
    check(f"create {topic}", ask(address, CREATE_TOPICS, body), named=True)


def delete_topic(address, topic):
    body = array(text(topic)) + struct.pack(">i", TIMEOUT_MS)
    check(f"delete {topic}", ask(address, DELETE_TOPICS, body), named=True)


def end_offsets(address, topic, partitions):
    """Of each of the partitions, the offset that its next record will have.

    0 while a new topic's partition has no leader yet.
    """
    wanted = array(*(struct.pack(">iq", partition, LATEST) for partition in partitions))
    body = struct.pack(">ib", CLIENT, UNCOMMITTED) + array(text(topic) + wanted)
    answer = ask(address, LIST_OFFSETS, body)
    at = 4 + len(text(topic))  # behind the number of topics and the only one's name
    (count,) = struct.unpack_from(">i", answer, at)
    offsets = []
    for partition, error, _, offset in struct.iter_unpack(">ihqq", answer[at + 4:at + 4 + 22 * count]):
        if error not in (0, *NO_LEADER_YET):
            raise RuntimeError(f"offsets of {topic}/{partition}: Kafka's error {error}")
        offsets.append(max(offset, 0))
    return offsets


def set_topic_config(address, topic, name, value):
    config = text(name) + struct.pack(">b", SET) + text(str(value))
    body = array(struct.pack(">b", TOPIC) + text(topic) + array(config)) + struct.pack(">?", False)
    check(f"set {name}", ask(address, ALTER_CONFIGS, body), named=False)


def forbid_writing(address, topic):
    """A topic for which some things are allowed forbids everybody the rest."""
    rules = [struct.pack(">b", TOPIC) + text(topic) + struct.pack(">b", LITERAL) + text("User:*")
             + text("*") + struct.pack(">bb", operation, ALLOW) for operation in (READ, DESCRIBE)]
    check("forbid writing", ask(address, CREATE_ACLS, array(*rules)), named=False)


def allow_everything(address, topic):
    rule = (struct.pack(">b", TOPIC) + text(topic) + struct.pack(">b", LITERAL) + text(None)
            + text(None) + struct.pack(">bb", ANY, ANY))
    check("allow everything", ask(address, DELETE_ACLS, array(rule)), named=False)
