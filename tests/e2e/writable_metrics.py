"""custom-metrics-apiserver's server of test values, in a control plane."""

import json
import urllib.parse
import urllib.request

from aggregated_api import AggregatedApi
from control_plane import BIN
from processes import free_port, wait_for


class WritableMetrics:
    """Answers at `port`, for the API server and for who asks with the front proxy's certificate."""

    def __init__(self, programs, plane, name="test-adapter"):
        self.api = AggregatedApi(plane, name, "test-adapter")
        self.api.allow("cluster-admin")  # It lists objects of any kind.
        self.port, self.write_port = free_port(), free_port()
        self.program = programs.start(name, [
            BIN / "test-adapter", "--bind-address=127.0.0.1", f"--secure-port={self.port}",
            f"--write-address=127.0.0.1:{self.write_port}",
            f"--tls-cert-file={self.api.serving.crt}",
            f"--tls-private-key-file={self.api.serving.key}",
            *(f"--{what}-kubeconfig={self.api.kubeconfig}"
              for what in ("lister", "authentication", "authorization"))])
        wait_for("the test adapter takes values", self._takes_values)

    def write(self, path, value, labels=None):
        """`path`: namespaces/NS/RESOURCE/NAME/METRIC, or RESOURCE/NAME/METRIC of the cluster; of a
        namespace namespace/NS/METRIC. `labels` are what a metricLabelSelector is held against."""
        text = ",".join(f"{key}={value}" for key, value in (labels or {}).items())
        query = f"?labels={urllib.parse.quote(text)}" if text else ""
        self._post(f"/write-metrics/{path}{query}", json.dumps(str(value)).encode())

    def _post(self, path, body):
        request = urllib.request.Request(f"http://127.0.0.1:{self.write_port}{path}", data=body,
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            answer.read()

    def _takes_values(self):
        try:
            self.write("nodes/none/none", 0)
        except OSError:
            return False
        return True
