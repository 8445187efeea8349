"""Which stage of the way a sampled function belongs to: the first rule that fits its thread, library and name."""

import re

# (thread, library, function, stage), regular expressions; empty fits all.
AGENT = (
    ("^rdk", "lz4", "", "librdkafka's thread: lz4"),
    ("^rdk", "kernel", "", "librdkafka's thread: send, wait"),
    ("^rdk", "", "", "librdkafka's thread: requests, copies"),
    ("", "kernel", "", "read, wait (kernel)"),
    ("", "simdjson", "", "JSON: structure (simdjson, stage 1)"),
    ("", "", "memchr", "newlines, backslashes (memchr)"),
    ("", "rdkafka", "", "records into librdkafka, copies"),
    ("", "", "mem(move|cpy|set)", "records into librdkafka, copies"),
    ("", "", "RouteM|RouteId|RouteCond|CountedRoute|XXH|SeriesKey|Template", "routes"),
    ("", "", "RequestSummary|Latency|Summary|RequestCounts|ieee754_log", "counting, a summary's text"),
    ("", "", "AppendEvent|JsonLine|to_chars", "an event's text"),
    ("", "", "LineShape|JsonStructure|JsonFields|NginxJson|TomcatJson|Unescape|LineParser|memcmp|popcount",
     "JSON: keys, values"),
    ("", "", "ParseDecimal|ReadAccessEvent|ReadNumber|Parse(Epoch|Time|Iso)|Split(Target|Request)|Redaction",
     "numbers, times, targets, redaction"),
    ("", "", "routerate::", "files, batches, the loop"),
    ("", "", "", "the rest: memory, start, metrics"),
)
AGGREGATOR = (
    ("^rdk", "lz4", "", "librdkafka's thread: lz4"),
    ("^rdk", "kernel", "", "librdkafka's thread: receive, wait, memory"),
    ("^rdk", "", "", "librdkafka's thread: requests, copies"),
    ("", "kernel", "", "wait, memory (kernel)"),
    ("", "rdkafka", "", "records out of librdkafka"),
    ("", "", "ReadWrittenEvent|OptionalText|EventReader|EventCursor|simdjson", "events read"),
    ("", "", "RouteM|RouteId|RouteCond|CountedRoute|XXH|Template", "routes"),
    ("", "", "SeriesKey|memcmp|DeltaSeries|SeriesOf", "the route's series"),
    ("", "", "Latency|Buckets|SeriesCounts|PartitionDelta|Delay|ieee754_log|SecondsOf", "counting"),
    ("", "", "Byte(Writer|Reader)|CountRecord|CountItem|PartitionState|PartitionCounts|ServiceCounts|Merge",
     "counts written and read back"),
    ("", "", "Snapshot|Stats|AlignedLines|AppendCell|NumberOf|Rate|json|Tie", "snapshots, pages"),
    ("", "", "", "the rest: memory, start, HTTP"),
)


def stage_of(rules, thread, library, function):
    return next(stage for *patterns, stage in rules if all(
        re.search(pattern, text) for pattern, text in zip(patterns, (thread, library, function))))


def stages(rules, samples):
    """Stage → its part of all, of (part, thread, library, function); in the order of the rules."""
    parts = {stage: 0.0 for *_, stage in rules}
    for part, *where in samples:
        parts[stage_of(rules, *where)] += part
    total = sum(parts.values())
    return {stage: part / total for stage, part in parts.items() if part}
