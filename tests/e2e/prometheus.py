"""Debian's Prometheus, and prometheus-adapter with our rules: another way to an HPA."""

import http.server
import json
import threading
import urllib.parse

from aggregated_api import AggregatedApi
from control_plane import BIN
from end_to_end import REPOSITORY
from pipeline import fetch
from processes import Failed, free_port, wait_for

RULES = REPOSITORY / "configs" / "prometheus-adapter.yaml"


class MetricsPage(threading.Thread):
    """A page of metrics for Prometheus to scrape, with what `text` is just then."""

    def __init__(self, text=""):
        super().__init__(daemon=True)
        self.text = text
        page = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = page.text.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.port = self.server.server_address[1]
        self.start()

    def run(self):
        self.server.serve_forever(poll_interval=0.1)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.join()


class Prometheus:
    """Scrapes /metrics of the ports, with honor_labels; it has done so once."""

    def __init__(self, programs, folder, ports, scrape_interval="1s"):
        self.port = free_port()
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "prometheus.yml"
        config.write_text(json.dumps({
            "global": {"scrape_interval": scrape_interval},
            "scrape_configs": [{
                "job_name": "routerate", "honor_labels": True,
                "static_configs": [{"targets": [f"127.0.0.1:{port}" for port in ports]}]}]}))
        self.program = programs.start("prometheus", [
            "prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address=127.0.0.1:{self.port}"])
        wait_for("Prometheus is ready", lambda: fetch(self.port, "/-/ready")[0] == 200)
        wait_for("all ports are scraped", lambda: len(self.query("up == 1")) == len(ports),
                 seconds=60)

    def query(self, expression):
        """The samples of an instant query: (labels, value)."""
        status, body = fetch(self.port, f"/api/v1/query?query={urllib.parse.quote(expression)}")
        if status != 200:
            raise Failed(f"{expression}: {status} {body}")
        return [(sample["metric"], float(sample["value"][1]))
                for sample in json.loads(body)["data"]["result"]]


class PrometheusAdapter:
    """Serves the metrics APIs from a Prometheus by our rules. Register `api` to have it asked."""

    def __init__(self, programs, plane, prometheus, rules=RULES):
        self.api = AggregatedApi(plane, "prometheus-adapter", "prometheus-adapter")
        self.api.allow("view")  # It lists pods.
        self.port = free_port()
        self.program = programs.start("prometheus-adapter", [
            BIN / "prometheus-adapter", "--bind-address=127.0.0.1", f"--secure-port={self.port}",
            f"--tls-cert-file={self.api.serving.crt}",
            f"--tls-private-key-file={self.api.serving.key}",
            *(f"--{what}-kubeconfig={self.api.kubeconfig}"
              for what in ("lister", "authentication", "authorization")),
            f"--prometheus-url=http://127.0.0.1:{prometheus.port}/", f"--config={rules}",
            "--metrics-relist-interval=1s", "--metrics-max-age=1m"])
