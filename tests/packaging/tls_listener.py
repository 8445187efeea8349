"""A server of TLS that does nothing but shake hands: whom does a client believe?"""

import socket
import ssl

SECONDS = 30.0


class TlsListener:
    """Listens on a free port of loopback with a certificate (`pki.KeyPair`)."""

    def __init__(self, certificate):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate.crt, certificate.key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(SECONDS)
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"

    def handshake(self):
        """With the next client; what it refuses us for is raised as ssl.SSLError."""
        connection, _ = self.listener.accept()
        connection.settimeout(SECONDS)
        with connection, self.context.wrap_socket(connection, server_side=True) as stream:
            stream.recv(1)  # A client of TLS 1.3 refuses behind its server's handshake.

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
