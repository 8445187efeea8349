"""Records as agents send them, by librdkafka, which the programs need anyway: no package of Python's."""

import ctypes

from processes import Failed

TOPIC, KEY, VALUE, FLAGS, HEADER = 1, 5, 4, 7, 9  # rd_kafka_vtype_t
COPY = 2
CONF_OK = 0
PRODUCER = 0
FLUSH_MS = 30_000
SETTINGS = {"compression.type": "lz4", "partitioner": "murmur2_random",
            "queue.buffering.max.messages": 1_000_000, "log_level": 3}  # an agent's, and room; errors alone are told


class Memory(ctypes.Structure):
    _fields_ = [("begin", ctypes.c_char_p), ("size", ctypes.c_size_t)]


class NamedMemory(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("begin", ctypes.c_char_p), ("size", ctypes.c_ssize_t)]


class Either(ctypes.Union):
    _fields_ = [("text", ctypes.c_char_p), ("number", ctypes.c_int), ("memory", Memory),
                ("header", NamedMemory), ("room", ctypes.c_char * 64)]


class Argument(ctypes.Structure):  # rd_kafka_vu_t
    _fields_ = [("kind", ctypes.c_int), ("value", Either)]


def library():
    kafka = ctypes.CDLL("librdkafka.so.1")
    kafka.rd_kafka_conf_new.restype = kafka.rd_kafka_new.restype = ctypes.c_void_p
    kafka.rd_kafka_produceva.restype = ctypes.c_void_p
    kafka.rd_kafka_error_string.restype = ctypes.c_char_p
    kafka.rd_kafka_conf_set.argtypes = [ctypes.c_void_p, *[ctypes.c_char_p] * 3, ctypes.c_size_t]
    kafka.rd_kafka_new.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    kafka.rd_kafka_produceva.argtypes = [ctypes.c_void_p, ctypes.POINTER(Argument), ctypes.c_size_t]
    kafka.rd_kafka_err2str.restype = ctypes.c_char_p
    kafka.rd_kafka_destroy.argtypes = [ctypes.c_void_p]
    kafka.rd_kafka_error_string.argtypes = [ctypes.c_void_p]
    kafka.rd_kafka_poll.argtypes = kafka.rd_kafka_flush.argtypes = [ctypes.c_void_p, ctypes.c_int]
    return kafka


def headers(kind, source, watermark_ms, *more):
    """Of a record (docs/record.md)."""
    return ((b"rr-version", b"1"), (b"rr-kind", kind), (b"rr-source", source),
            (b"rr-watermark", b"%d" % watermark_ms), *more)


class RecordProducer:
    """Sends in the order of send(); what was delivered is for the topic's reader to say. One thread's at a time."""

    def __init__(self, brokers, settings):
        self.kafka = library()
        why = ctypes.create_string_buffer(512)
        conf = self.kafka.rd_kafka_conf_new()
        for name, value in ({"bootstrap.servers": brokers} | SETTINGS | settings).items():
            if self.kafka.rd_kafka_conf_set(conf, name.encode(), str(value).encode(),
                                            why, len(why)) != CONF_OK:
                raise Failed(f"{name}: {why.value.decode()}")
        self.handle = self.kafka.rd_kafka_new(PRODUCER, conf, why, len(why))
        if not self.handle:
            raise Failed(f"no producer: {why.value.decode()}")
        self.arguments = (Argument * 16)()
        self.arguments[0].kind, self.arguments[1].kind = TOPIC, FLAGS
        self.arguments[1].value.number = COPY

    def send(self, topic, key, value, record_headers):
        arguments = self.arguments
        arguments[0].value.text = topic
        arguments[2].kind, arguments[2].value.memory = KEY, Memory(key, len(key))
        arguments[3].kind, arguments[3].value.memory = VALUE, Memory(value, len(value))
        for at, (name, text) in enumerate(record_headers, 4):
            arguments[at].kind = HEADER
            arguments[at].value.header = NamedMemory(name, text, len(text))
        error = self.kafka.rd_kafka_produceva(self.handle, arguments, 4 + len(record_headers))
        if error:
            raise Failed(f"a record for {topic}: {self.kafka.rd_kafka_error_string(error).decode()}")

    def poll(self):
        self.kafka.rd_kafka_poll(self.handle, 0)

    def close(self):
        """Returns when all was acknowledged."""
        if error := self.kafka.rd_kafka_flush(self.handle, FLUSH_MS):
            raise Failed(f"flush: {self.kafka.rd_kafka_err2str(error).decode()}")
        self.kafka.rd_kafka_destroy(self.handle)
