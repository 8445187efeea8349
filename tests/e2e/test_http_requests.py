"""What a client does wrong is answered as its mistake, and hurts nobody: raw bytes, and every
parameter with every kind of bad value."""

import json
import re
import unittest

from bad_requests import HOST, REQUESTS, VALUES
from end_to_end import EndToEnd
from https_client import Answer, Connection
from pipeline import fetch
from processes import wait_for

MUTATED = 300
ROUTE = "/v1/routes/get-orders-id"


class HttpRequests(EndToEnd):
    def setUp(self):
        super().setUp()
        self.view = self.pipeline()
        self.view.start_aggregator(http={"client_requests_per_second": 1_000_000})
        self.port = self.view.aggregator_port
        wait_for("readiness", lambda: fetch(self.port, "/readyz")[0] == 200)

    def exchange(self, sent):
        """All that comes for bytes after which the client says no more."""
        with Connection(self.port) as connection:
            connection.send(sent)
            connection.end()
            return connection.read_all()

    def check_alive(self, after):
        self.assertEqual(fetch(self.port, "/healthz"), (200, "ok\n"), after)
        self.assertTrue(self.view.aggregator.running(), after)

    def test_requests(self):
        """Each has its status, and its connection is closed or goes on."""
        for what, (sent, statuses) in REQUESTS.items():
            with self.subTest(what):
                answer = Answer(self.exchange(sent))
                self.assertIn(answer.status, statuses, answer.body)
                if answer.status in (400, 413, 431):
                    self.assertEqual(answer.all("Connection"), ["close"])
                    self.assertEqual(answer.body.count(b"\n"), 1, answer.body)
                self.check_alive(what)

    def test_pipelining(self):
        """Requests in one packet are answered in their order, and none behind a broken one."""
        get = b"GET /%s HTTP/1.1\r\n" + HOST + b"\r\n"
        with Connection(self.port) as connection:
            connection.send(get % b"healthz" + get % b"none" + get % b"readyz")
            self.assertEqual([connection.answer().status for _ in range(3)], [200, 404, 200])
        said = self.exchange(get % b"healthz" + b"nonsense\r\n\r\n" + get % b"readyz")
        self.assertEqual(re.findall(rb"HTTP/1\.1 (\d+)", said), [b"200", b"400"])
        body = get % b"metrics"
        hidden = b"GET /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % len(body)
        self.assertEqual(self.exchange(hidden + body).count(b"HTTP/1.1 "), 1)

    def test_paths(self):
        """A path is percent-decoded once."""
        for path, status in (("/%73tats", 200), ("/%2573tats", 404), ("/stats%3Fformat=xml", 404),
                             ("/stats%00", 404), ("/stats/", 404), ("//stats", 404), ("/%FF", 400),
                             ("http://x/stats", 200), ("/stats?format=json&format=xml", 200),
                             ("/stats?&&", 200), ("/stats?=", 400), ("/healthz?a=b", 200)):
            with Connection(self.port) as connection:
                self.assertEqual(connection.ask(path).status, status, path)

    def check_mistake(self, target, *statuses):
        """The connection goes on whatever is asked; a mistake is one line of text or JSON."""
        answer = self.connection.ask(target)
        self.assertIn(answer.status, (200, 400, *statuses), target)
        self.assertEqual(answer.all("X-Injected"), [], target)
        if not answer.all("Content-Length"):  # a stream, which ends with its connection
            self.assertEqual(answer.status, 200, target)
            self.connection = self.enterContext(Connection(self.port))
            return
        body = answer.body.decode()
        if answer.all("Content-Type") == ["application/json"]:
            json.loads(body)
        if answer.status == 400:
            self.assertRegex(body, r"\A[^\x00-\x1f\x7f]+\n\Z", target)

    def keys(self, refused):
        """Those that a page says it allows."""
        answer = self.connection.ask(refused)
        self.assertEqual(answer.status, 400)
        _, allowed = re.split("allowed are|here are", answer.body.decode())
        found = re.findall(r"\b[a-z]+\b", allowed.replace("(required)", ""))
        self.assertGreaterEqual(len(found), 6, found)
        return found

    def check_parameters(self, page, keys, *statuses):
        for value in VALUES:
            self.check_mistake(f"{page}?{value}=1", *statuses)
            self.check_mistake(f"{page}{value}", 404)
            for key in keys:
                other, second = self.random.choice(keys), self.random.choice(VALUES)
                self.check_mistake(f"{page}?{key}={value}", *statuses)
                self.check_mistake(f"{page}?namespace=a&{key}={value}", *statuses)
                self.check_mistake(f"{page}?{key}={value}&{other}={second}", *statuses)

    def test_parameters(self):
        """Every key with every bad value, alone and beside others."""
        self.connection = self.enterContext(Connection(self.port))
        self.check_parameters("/stats", self.keys("/stats?zzz=1"))
        self.check_parameters(ROUTE, self.keys(f"{ROUTE}?namespace=a&zzz=1"), 404)
        self.check_alive("parameters")

    def test_mutations(self):
        """Requests with bytes changed, left out and doubled are never a failure of the server."""
        requests = [sent for sent, _ in REQUESTS.values()] + [
            b"GET /stats?format=json&by=pod&sort=total HTTP/1.1\r\n" + HOST + b"\r\n",
            f"HEAD {ROUTE}?namespace=shop&code=5xx HTTP/1.1\r\nHost: x\r\n\r\n".encode()]
        for number in range(MUTATED):
            sent = bytearray(self.random.choice(requests))
            for _ in range(self.random.randrange(1, 5)):
                begin = self.random.randrange(len(sent))
                end = min(len(sent), begin + self.random.randrange(1, 9))
                sent[begin:end] = self.random.choice(
                    (b"", sent[begin:end] * 2, self.random.randbytes(2), b"\r\n", b"%", b"\0"))
            said = self.exchange(bytes(sent))
            for status in re.findall(rb"^HTTP/1\.[01] (\d+)", said):
                self.assertIn(status[:1], b"24", (number, bytes(sent)))
        self.check_alive("mutations")


if __name__ == "__main__":
    unittest.main()
