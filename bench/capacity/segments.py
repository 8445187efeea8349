"""What came into a topic: records, batches and bytes, by the headers of the batches on the broker's disk.

An agent's or a replica's produce request brings one batch to a partition, so batches are requests.
"""

import dataclasses
import struct

# Base offset, length behind these twelve bytes, leader epoch, magic, crc, attributes, last delta,
# two times, producer, its epoch, sequence, number of records: Kafka's record batch, version 2.
HEADER = struct.Struct(">qiibihiqqqhii")
BEFORE_LENGTH = 12


@dataclasses.dataclass(frozen=True)
class Batch:
    records: int
    bytes: int


def batches_in(data):
    """Whole ones; what follows is still being written."""
    at = 0
    while at + HEADER.size <= len(data):
        fields = HEADER.unpack_from(data, at)
        size = BEFORE_LENGTH + fields[1]
        if at + size > len(data):
            return
        yield Batch(fields[-1], size)
        at += size


def records(batches):
    return sum(batch.records for batch in batches)


def size(batches):
    return sum(batch.bytes for batch in batches)


class TopicWatch:
    """From its making on."""

    def __init__(self, broker, topic):
        self.pattern = (broker / "data", f"{topic}-[0-9]*/*.log")
        self.begin = self._sizes()

    def _sizes(self):
        folder, pattern = self.pattern
        return {path: path.stat().st_size for path in folder.glob(pattern)}

    def batches(self):
        found = []
        for path, end in self._sizes().items():
            with open(path, "rb") as segment:
                segment.seek(begin := self.begin.get(path, 0))
                found += batches_in(segment.read(end - begin))
        return found
