"""Traffic by real time: a client for a real nginx, and writers of log lines where no server is."""

import http.client
import re
import threading
import time

import nginx_server
import shop
from background import Background

PREFIX = "/shop-api"  # where the tomcat application is mounted


class Traffic(Background):
    """Sends the shop's requests, `base` a second and more in bursts, until Stop."""

    def __init__(self, base, seed):
        super().__init__()
        self.base = base
        self.shop = shop.Shop(seed)

    def work(self):
        begin = due = time.monotonic()
        while not self.stopping.wait(max(0.0, due - time.monotonic())):
            self.send(self.shop.next_request())
            due += 1 / shop.requests_per_second(self.base, due - begin)

    def send(self, request):
        raise NotImplementedError


class NginxTraffic(Traffic):
    """Requests to a real nginx, which writes the log itself."""

    def __init__(self, port, base, seed):
        super().__init__(base, seed)
        self.connection = http.client.HTTPConnection("127.0.0.1", port)

    def send(self, request):
        headers = {"Host": "shop.example.com", "User-Agent": request.agent}
        if request.status != 200:
            headers["X-Reply"] = str(request.status)
        self.connection.request(request.method, request.target(), headers=headers)
        self.connection.getresponse().read()


class LogTraffic(Traffic):
    """Lines appended to a log as a server would write them."""

    def __init__(self, log, base, seed):
        super().__init__(base, seed)
        self.path = log
        self.rotating = threading.Lock()
        self.file = open(log, "a", encoding="utf-8")  # Guarded by rotating.

    def send(self, request):
        with self.rotating:
            self.file.write(self.line(request) + "\n")
            self.file.flush()

    def rotate(self, name):
        """Rename and create, as tomcat does it at midnight."""
        with self.rotating:
            self.file.close()
            self.path.rename(self.path.with_name(name))
            self.file = open(self.path, "a", encoding="utf-8")

    def stop(self):
        super().stop()
        self.file.close()

    def line(self, request):
        raise NotImplementedError


class TomcatLines(LogTraffic):
    def line(self, request):
        when = time.strftime("[%d/%b/%Y:%H:%M:%S %z]")
        query = f"?{request.query}" if request.query else ""
        size = "-" if request.status in (204, 304) else request.size
        return (f'{{"clientip":"{request.client}","ClientUser":"-","authenticated":"-",'
                f'"AccessTime":"{when}","method":"{request.method} {PREFIX}{request.target()} '
                f'HTTP/1.1","status":"{request.status}","SendBytes":"{size}",'
                f'"Query?string":"{query}","partner":"-","AgentVersion":"{request.agent}"}}')


class NginxLines(LogTraffic):
    """The shipped log_format filled in, for machines without nginx."""

    def __init__(self, log, base, seed):
        super().__init__(log, base, seed)
        directive, _ = nginx_server.log_format()
        self.template = "".join(re.findall(r"'([^']*)'", directive))

    def line(self, request):
        now = time.time()
        values = {
            "time_iso8601": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(now)),
            "msec": f"{now:.3f}", "remote_addr": request.client, "status": request.status,
            "request_method": request.method, "request_uri": request.target(),
            "uri": request.path, "args": request.query, "host": "shop.example.com",
            "http_host": "shop.example.com", "body_bytes_sent": request.size,
            "bytes_sent": request.size + 150, "request_length": 200,
            "request_time": f"{request.milliseconds / 1000:.3f}",
            "http_user_agent": request.agent, "server_protocol": "HTTP/1.1",
            "request": f"{request.method} {request.target()} HTTP/1.1"}
        return re.sub(r"\$\{?(\w+)\}?", lambda name: str(values.get(name[1], "")), self.template)
