"""librdkafka's producer, which the programs need anyway, without a package of Python's."""

import ctypes

TOPIC, KEY, VALUE, FLAGS, HEADER = 1, 5, 4, 7, 9  # rd_kafka_vtype_t
COPY = 2
CONF_OK = 0
PRODUCER = 0


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
    kafka.rd_kafka_error_string.argtypes = [ctypes.c_void_p]
    kafka.rd_kafka_poll.argtypes = kafka.rd_kafka_flush.argtypes = [ctypes.c_void_p, ctypes.c_int]
    return kafka


class Producer:
    """Of one topic. Not to be shared between threads."""

    def __init__(self, topic, **settings):
        self.kafka = library()
        why = ctypes.create_string_buffer(512)
        conf = self.kafka.rd_kafka_conf_new()
        for name, value in settings.items():
            if self.kafka.rd_kafka_conf_set(conf, name.replace("_", ".").encode(), str(value).encode(),
                                            why, 512) != CONF_OK:
                raise ValueError(why.value.decode())
        self.handle = self.kafka.rd_kafka_new(PRODUCER, conf, why, 512)
        if not self.handle:
            raise ValueError(why.value.decode())
        self.arguments = (Argument * 16)()
        self.arguments[0].kind, self.arguments[0].value.text = TOPIC, topic
        self.arguments[1].kind, self.arguments[1].value.number = FLAGS, COPY

    def send(self, key, value, headers):
        arguments = self.arguments
        arguments[2].kind, arguments[2].value.memory = KEY, Memory(key, len(key))
        arguments[3].kind, arguments[3].value.memory = VALUE, Memory(value, len(value))
        for at, (name, text) in enumerate(headers, 4):
            arguments[at].kind = HEADER
            arguments[at].value.header = NamedMemory(name, text, len(text))
        error = self.kafka.rd_kafka_produceva(self.handle, arguments, 4 + len(headers))
        if error:
            raise RuntimeError(self.kafka.rd_kafka_error_string(error).decode())

    def poll(self):
        self.kafka.rd_kafka_poll(self.handle, 0)

    def flush(self):
        self.kafka.rd_kafka_flush(self.handle, 10_000)
