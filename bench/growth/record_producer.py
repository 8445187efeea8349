"""Records with headers into a topic: librdkafka, which the programs are linked with, called by ctypes."""

import ctypes

from processes import Failed

LIB = ctypes.CDLL("librdkafka.so.1")
LIB.rd_kafka_conf_new.restype = LIB.rd_kafka_new.restype = ctypes.c_void_p
LIB.rd_kafka_err2str.restype = ctypes.c_char_p
PRODUCER, COPY = 0, 2
END, TOPIC, VALUE, KEY, FLAGS, HEADER = 0, 1, 4, 5, 7, 9  # rd_kafka_vtype_t
FLUSH_MS = 30_000
SETTINGS = {"acks": "all", "enable.idempotence": "true", "compression.type": "lz4", "linger.ms": "1",
            "partitioner": "murmur2_random", "queue.buffering.max.messages": "1000000",
            "log_level": "3"}  # the agent's, and room; errors alone are told


def sized(value):
    return value, ctypes.c_size_t(len(value))


class RecordProducer:
    """Sends in the order of send(); what was delivered is for the topic's reader to say."""

    def __init__(self, brokers):
        configuration, error = ctypes.c_void_p(LIB.rd_kafka_conf_new()), ctypes.create_string_buffer(512)
        for name, value in ({"bootstrap.servers": brokers} | SETTINGS).items():
            if LIB.rd_kafka_conf_set(configuration, name.encode(), value.encode(), *sized(error)):
                raise Failed(f"{name}: {error.value.decode()}")
        handle = LIB.rd_kafka_new(PRODUCER, configuration, *sized(error))
        if not handle:
            raise Failed(f"no producer: {error.value.decode()}")
        self.handle = ctypes.c_void_p(handle)

    def send(self, topic, key, value, headers):
        words = [word for name, text in headers for word in (HEADER, name, *sized(text))]
        error = LIB.rd_kafka_producev(self.handle, TOPIC, topic, KEY, *sized(key), VALUE, *sized(value),
                                      FLAGS, COPY, *words, END)
        if error:
            raise Failed(f"a record for {topic}: {LIB.rd_kafka_err2str(error).decode()}")

    def close(self):
        """Returns when all was acknowledged."""
        if error := LIB.rd_kafka_flush(self.handle, FLUSH_MS):
            raise Failed(f"flush: {LIB.rd_kafka_err2str(error).decode()}")
        LIB.rd_kafka_destroy(self.handle)
