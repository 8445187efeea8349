"""Requests as bytes, over TCP or TLS, and what came back: for clients that behave badly."""

import re
import socket
import ssl
import time

SECONDS = 15.0


class Answer:
    """One response of HTTP/1.1 with a Content-Length, or with a body up to the connection's end."""

    def __init__(self, raw):
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        status = re.fullmatch(r"HTTP/1\.[01] (\d{3}) .*", lines[0])
        self.status = int(status[1]) if status else 0  # 0: closed without one
        self.headers = [tuple(line.split(": ", 1)) for line in lines[1:]]
        self.body = body

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Connection:
    """To 127.0.0.1, from `source` if that matters; `tls` is an ssl.SSLContext."""

    def __init__(self, port, tls=None, source="127.0.0.1", receive_buffer=0):
        plain = socket.socket()
        if receive_buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        plain.settimeout(SECONDS)
        plain.bind((source, 0))
        plain.connect(("127.0.0.1", port))
        self.socket = tls.wrap_socket(plain, server_hostname="localhost") if tls else plain
        self.unread = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """Whether all of it was taken: the server may have closed before."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def end(self):
        """Says that nothing more will come."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the server has closed before

    def read_more(self):
        """Whether something came; it is in .unread then."""
        try:
            piece = self.socket.recv(1 << 16)
        except (ConnectionError, ssl.SSLError):
            piece = b""
        self.unread += piece
        return bool(piece)

    def read_all(self):
        """Everything until the server closes."""
        while self.read_more():
            pass
        return self.unread

    def closes_within(self, seconds):
        """Whether the server closes by then, whatever it says before."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                if not self.read_more():
                    return True
            except TimeoutError:
                break
        return False

    def answer(self):
        """The next response; of status 0 if the server closes first."""
        while b"\r\n\r\n" not in self.unread and self.read_more():
            pass
        size = self.unread.find(b"\r\n\r\n") + 4
        length = re.search(rb"(?im)^content-length: *(\d+)", self.unread[:size])
        size += int(length[1]) if length else 0
        while len(self.unread) < size and self.read_more():
            pass
        raw, self.unread = self.unread[:size], self.unread[size:]
        return Answer(raw)

    def ask(self, path, *headers, method="GET"):
        self.send("\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode())
        return self.answer()


def trusting(certificate):
    """A client's TLS context that trusts this authority alone."""
    return ssl.create_default_context(cafile=certificate)
