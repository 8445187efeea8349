"""The log that everybody gets: seeded, each line told from every other, its counts known."""

import collections
import dataclasses
import pathlib
import random
import re
import time

BYTES = 484  # of an nginx line, as it is on the ordinary day of a shop
REQUESTS_PER_SECOND = 2000  # of the log's own time, which ends now
IDS = 36  # of a route: 3,600 paths
SERVICES = ("shop", "api", "portal", "auth", "crm", "pay", "cms", "search", "media", "stock")
NOUNS = ("orders", "users", "carts", "reviews", "stores", "payments", "sessions", "tickets",
         "invoices", "images")
STATUSES = (200,) * 85 + (304,) * 4 + (302,) * 3 + (404,) * 4 + (201,) * 2 + (500, 502)
BROWSER = ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
           "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0 ") * 2
NGINX = ('{"@timestamp":"%s","msec":"%d.%03d","clientip":"192.168.%d.%d","user":"","method":"%s",'
         '"http_host":"www.example.com","domain":"www.example.com","request_uri":"%s",'
         '"protocol":"HTTP/1.1","status":"%d","body_bytes_sent":"%d","request_time":"%.3f",'
         '"upstreamtime":"%.3f","upstreamhost":"10.0.1.9:8080","xff":"","referer":"%s",'
         '"http_user_agent":"%s"}')
TOMCAT = ('{"clientip":"192.168.%d.%d","ClientUser":"-","authenticated":"-","AccessTime":"[%s]",'
          '"method":"%s %s HTTP/1.1","status":"%d","SendBytes":"%d","duration_ms":"%d",'
          '"Query?string":"","partner":"%s","AgentVersion":"%s"}')
NUMBER = re.compile(rb"example\.com\\?/\?n=(\d{7})")  # in the referer; \/ is the same to JSON


@dataclasses.dataclass(frozen=True)
class Log:
    path: pathlib.Path
    form: str  # nginx or tomcat
    lines: int
    counts: collections.Counter | None  # (route, class of status) → requests; None: not known


@dataclasses.dataclass(frozen=True)
class Request:
    number: int
    second: int
    method: str
    route: str
    id: int
    status: int
    size: int
    took: float
    client: tuple

    def path(self):
        return self.route.replace("{id}", str(self.id))

    def referer(self):
        return f"https://www.example.com/?n={self.number:07d}"


def nginx_line(request, stamp):
    values = (stamp, request.second, request.number % 1000, *request.client, request.method,
              request.path(), request.status, request.size, request.took, request.took * 0.95,
              request.referer())
    return NGINX % (*values, BROWSER[:BYTES - 1 - len(NGINX % (*values, ""))])


def tomcat_line(request, stamp):
    return TOMCAT % (*request.client, stamp, request.method, request.path(), request.status,
                     request.size, request.took * 1000, request.referer(), BROWSER[:101])


FORMS = {"nginx": (nginx_line, "%Y-%m-%dT%H:%M:%S+00:00"),
         "tomcat": (tomcat_line, "%d/%b/%Y:%H:%M:%S +0000")}


def routes():
    """A hundred, half of them with something behind the id."""
    return [f"/{service}/{noun}/{{id}}" + ("/items" if (row + column) % 2 else "")
            for row, service in enumerate(SERVICES) for column, noun in enumerate(NOUNS)]


def requests(lines, begin, chance):
    """In the order of time; the first routes are asked for most."""
    names = routes()
    weights = [1 / (rank + 1) ** 0.8 for rank in range(len(names))]
    for number, route in enumerate(chance.choices(names, weights, k=lines)):
        yield Request(number, begin + number // REQUESTS_PER_SECOND,
                      "POST" if chance.random() < 0.1 else "GET", route,
                      1000 + chance.randrange(IDS), chance.choice(STATUSES),
                      chance.randrange(50_000), chance.lognormvariate(-4, 1),
                      (chance.randrange(256), chance.randrange(256)))


def write_log(path, form, lines, seed=1):
    write, stamp_format = FORMS[form]
    begin = int(time.time()) - lines // REQUESTS_PER_SECOND - 1
    counts, second, stamp = collections.Counter(), None, ""
    with open(path, "w", encoding="ascii") as log:
        for request in requests(lines, begin, random.Random(seed)):
            if request.second != second:
                second = request.second
                stamp = time.strftime(stamp_format, time.gmtime(second))
            log.write(write(request, stamp) + "\n")
            counts[request.route, f"{request.status // 100}xx"] += 1
    return Log(path, form, lines, counts)


def given_log(path, form):
    """Somebody's own: its lines are counted, and what they say is not known here."""
    with open(path, "rb") as log:
        return Log(pathlib.Path(path).resolve(), form, sum(1 for _ in log), None)
