"""A web shop's requests: what the demo's traffic is made of."""

import dataclasses
import random
import uuid

# weight, method, path, typical milliseconds, statuses other than the usual one with their odds
ROUTES = (
    (30, "GET", "/orders/{id}", 12, {404: 0.04, 500: 0.01}),
    (14, "GET", "/orders", 25, {}),
    (8, "POST", "/orders", 60, {400: 0.03, 409: 0.02, 503: 0.01}),
    (3, "PUT", "/orders/{id}/address", 30, {404: 0.02}),
    (2, "DELETE", "/orders/{id}", 18, {401: 0.1}),
    (26, "GET", "/products/{id}", 8, {404: 0.05}),
    (9, "GET", "/products/{id}/reviews", 22, {}),
    (10, "GET", "/search", 45, {429: 0.05}),
    (6, "GET", "/customers/{uuid}", 15, {401: 0.05}),
    (5, "POST", "/cart/{uuid}/items", 20, {400: 0.02}),
    (2, "POST", "/checkout", 140, {502: 0.05, 500: 0.02}),
    (7, "GET", "/static/app.js", 1, {}),
    (6, "GET", "/static/img/{id}.png", 1, {404: 0.01}),
    (4, "GET", "/healthz", 1, {}),
)
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15",
    "okhttp/4.12.0",
    "curl/7.88.1",
)
USUAL_STATUS = {"POST": 201, "DELETE": 204}


@dataclasses.dataclass
class Request:
    method: str
    path: str
    query: str  # without "?"
    status: int
    milliseconds: float
    size: int
    client: str
    agent: str

    def target(self):
        return f"{self.path}?{self.query}" if self.query else self.path


class Shop:
    """An endless, seeded stream of requests."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def next_request(self):
        dice = self.random
        _, method, path, typical_ms, unusual = dice.choices(
            ROUTES, [weight for weight, *_ in ROUTES])[0]
        query = f"q=shoe+{dice.randrange(100)}" if path == "/search" else ""
        return Request(
            method=method, path=self._fill(path), query=query,
            status=self._status(unusual) or USUAL_STATUS.get(method, 200),
            milliseconds=typical_ms * dice.lognormvariate(0, 0.5),
            size=dice.randrange(200, 9000), client=f"198.51.100.{dice.randrange(1, 255)}",
            agent=dice.choice(AGENTS))

    def _fill(self, path):
        number = self.random.randrange(1, 100_000)
        identity = uuid.UUID(int=self.random.getrandbits(128), version=4)
        return path.replace("{id}", str(number)).replace("{uuid}", str(identity))

    def _status(self, unusual):
        dice = self.random.random()
        for status, odds in unusual.items():
            dice -= odds
            if dice < 0:
                return status
        return None


def requests_per_second(base, elapsed):
    """Steady traffic with a burst of three seconds in every ten."""
    return base * 4 if 4 <= elapsed % 10 < 7 else base
