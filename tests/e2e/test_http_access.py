"""The aggregator's HTTP port with a token, TLS and limits, as its clients find it."""

import base64
import contextlib
import ssl
import time
import unittest

from end_to_end import EndToEnd
from https_client import Connection, trusting
from pki import Pki
from processes import wait_for

OLD, NEW = "old-0123456789abcdef", "new-0123456789abcdef"
FILES_SECONDS = 30  # it looks at them every ten
WORDS = ("account basket cart delivery english french german help invoice journal kitchen lamp music "
         "news orders payment quality returns search tables users vouchers wishlist young zoo "
         "garden shoes watches").split()


def bearer(token):
    return f"Authorization: Bearer {token}"


def basic(token, user="ann"):
    return f"Authorization: Basic {base64.b64encode(f'{user}:{token}'.encode()).decode()}"


class HttpAccess(EndToEnd):
    def start(self, **http):
        """Its port, and whom to trust there."""
        self.pki = Pki(self.folder / "pki")
        self.authority = self.pki.authority("authority")
        self.own = self.certificate("own")
        self.token = self.folder / "token"
        self.token.write_text(OLD + "\n")
        self.tls = trusting(self.authority.crt)
        self.view = self.pipeline()
        self.view.start_aggregator(http={"certificate": str(self.own.crt), "key": str(self.own.key),
                                         "token_file": str(self.token)} | http)
        self.port = self.view.aggregator_port

    def certificate(self, name):
        return self.pki.certificate(name, self.authority, f"/CN={name}", "serverAuth",
                                    names=["DNS:localhost"])

    def fill(self):
        """So many routes that a page is more than what the kernel takes for a slow reader."""
        log = self.logs / "nginx.log"
        line = ('{{"@timestamp":"{}","clientip":"10.0.0.1","uri":"/{}/{}","method":"GET",'
                '"status":"200","responsetime":0.01}}\n')
        moment = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        log.write_text("".join(line.format(moment, a, b) for a in WORDS for b in WORDS))
        self.view.start_agent([{"path": str(log), "format": "nginx"}])
        rows = len(WORDS) ** 2
        connection = self.connect()
        wait_for(f"{rows} rows", lambda: connection.ask("/stats", bearer(OLD)).body.count(b"\n") > rows)

    def connect(self, **how):
        return self.enterContext(Connection(self.port, self.tls, **how))

    def status(self, path, *headers, method="GET"):
        with Connection(self.port, self.tls) as connection:
            return connection.ask(path, *headers, method=method).status

    def test_token(self):
        """401 without the right one, and a browser is asked; health is for everybody."""
        self.start()
        connection = self.connect()
        for path in "/", "/stats", "/metrics", "/v1/routes/a", "/none":
            refused = connection.ask(path)
            self.assertEqual(refused.status, 401, path)
            self.assertEqual([value.split()[0] for value in refused.all("WWW-Authenticate")],
                             ["Bearer", "Basic"])
            self.assertEqual(refused.body.count(b"\n"), 1)
        for wrong in bearer(NEW), basic(NEW), bearer(""), "Authorization: x", f"X-Token: {OLD}":
            self.assertEqual(connection.ask("/stats", wrong).status, 401, wrong)
        for right in bearer(OLD), basic(OLD), basic(OLD, user=""):
            self.assertEqual(connection.ask("/stats", right).status, 200, right)
        for path in "/healthz", "/readyz":
            wait_for(path, lambda path=path: connection.ask(path).status == 200)
        for method in "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE":
            refused = connection.ask("/stats", bearer(OLD), method=method)
            self.assertEqual((refused.status, refused.all("Allow")), (405, ["GET, HEAD"]), method)
        head = connection.ask("/stats", bearer(OLD), "Connection: close", method="HEAD")
        self.assertEqual(head.status, 200)

    def test_token_rotation(self):
        """Two lines are two tokens; a file that goes away changes nothing."""
        self.start()
        connection = self.connect()

        def admitted():
            return [connection.ask("/stats", bearer(each)).status for each in (OLD, NEW)]

        def wait(statuses):
            wait_for(f"{statuses}", lambda: admitted() == statuses, FILES_SECONDS, poll=0.5)

        self.token.write_text(f"{OLD}\n{NEW}\n")
        wait([200, 200])
        self.token.write_text(f"{NEW}\n")
        wait([401, 200])
        self.token.unlink()
        self.view.aggregator.wait_for_output(r"open .*/token: .*; the one before stays in force",
                                             FILES_SECONDS)
        self.assertEqual(admitted(), [401, 200])
        self.token.write_text(f"{OLD}\n")
        wait([200, 401])
        self.assertEqual(self.view.aggregator.output().count("stays in force"), 1)

    def test_certificate_rotation(self):
        """A new certificate is shown without a restart, and open connections stay."""
        self.start()

        def shown():
            with Connection(self.port, self.tls) as connection:
                return ssl.DER_cert_to_PEM_cert(connection.socket.getpeercert(True))

        connection = self.connect()
        other = self.certificate("other")
        self.own.key.write_bytes(other.key.read_bytes())
        self.own.crt.write_bytes(other.crt.read_bytes())
        wait_for("the new certificate", lambda: shown() == other.crt.read_text(), FILES_SECONDS,
                 poll=0.5)
        self.assertEqual(connection.ask("/stats", bearer(OLD)).status, 200)

    def test_bad_clients(self):
        """What is no HTTP over TLS, too much, or too slow is refused or closed."""
        self.start()
        with Connection(self.port) as plain:
            plain.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertNotIn(b"HTTP/1.1 200", plain.read_all())
        self.assertEqual(self.connect().ask("/stats", "X: " + "x" * 20_000).status, 431)
        self.assertEqual(self.connect().ask("/" + "x" * 20_000).status, 431)
        slow = self.connect()  # 10 s for a request, however its bytes trickle
        begin = time.monotonic()
        for byte in b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 1000:
            slow.send(bytes([byte]))
            slow.socket.settimeout(0.25)
            with contextlib.suppress(TimeoutError):
                if not slow.socket.recv(1):
                    break
        self.assertLess(time.monotonic() - begin, 20)
        self.assertEqual(self.status("/healthz"), 200)

    def test_slow_reader(self):
        """Streams that are not read hold up neither requests nor streams that are."""
        self.start()
        self.fill()
        for _ in range(100):
            stuck = self.connect(receive_buffer=4096)
            stuck.send(f"GET /stats?watch=1 HTTP/1.1\r\nHost: x\r\n{bearer(OLD)}\r\n\r\n".encode())
        reader = self.connect()
        reader.send(f"GET /stats?watch=1 HTTP/1.1\r\nHost: x\r\n{bearer(OLD)}\r\n\r\n".encode())
        slowest = 0
        for _ in range(50):
            begin = time.monotonic()
            self.assertEqual(self.status("/stats", bearer(OLD)), 200)
            slowest = max(slowest, time.monotonic() - begin)
        self.assertLess(slowest, 2)
        wait_for("three pieces", lambda: reader.read_more() and reader.unread.count(b"\n\n") >= 3)

    def test_rate_limit(self):
        """One address that asks too much is told so; others, and health, are answered."""
        self.start(client_requests_per_second=5)
        greedy = self.connect()
        statuses = [greedy.ask("/stats", bearer(OLD)).status for _ in range(60)]
        self.assertEqual(set(statuses[:20]), {200})
        refused = wait_for("429", lambda: (answer := greedy.ask("/stats", bearer(OLD))).status == 429
                           and answer, poll=0)
        self.assertGreaterEqual(int(refused.all("Retry-After")[0]), 1)
        self.assertIn(b"127.0.0.1 asks too much", refused.body)
        other = self.connect(source="127.0.0.2")
        self.assertEqual(other.ask("/stats", bearer(OLD)).status, 200)
        self.assertEqual({greedy.ask("/healthz").status for _ in range(60)}, {200})
        self.assertEqual(greedy.ask("/metrics", bearer(OLD)).status, 200)
        wait_for("an answer", lambda: greedy.ask("/stats", bearer(OLD)).status == 200)

    def test_start(self):
        """A token without TLS is warned of; a file that is no good is an error with its remedy."""
        self.start(certificate="", key="")
        self.view.aggregator.wait_for_output("without certificate and key the token crosses")
        self.assertEqual(self.view.aggregator.terminate(), 0)
        self.token.write_text("\n")
        broken = self.programs.start("broken", [
            self.view.build / "aggregator" / "routerate-aggregator", "--embedded-broker", "--config",
            self.view.folder / "aggregator.yaml"])
        self.assertEqual(broken.exit_code(), 1)
        self.assertRegex(broken.output(), r"http\.token_file: \S+/token holds no token; `openssl")


if __name__ == "__main__":
    unittest.main()
