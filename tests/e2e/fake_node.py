"""A node without a machine: what a scheduler and a kubelet would say of pods, no container runs.

Every pod is placed on the one node and is Running and Ready as soon as it is seen, unless its name
is in `unready`; one that is in `completes` has Succeeded instead; a deleted pod is gone at once.
Enough for controllers that count pods and read their labels.
"""

import datetime
import itertools
import json

from background import Background
from kube_api import ApiError

NAME = "fake-node"
WATCH_SECONDS = 5  # how long stopping may take


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def path_of(pod):
    meta = pod["metadata"]
    return f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"


def is_ready(pod):
    return any(condition["type"] == "Ready" and condition["status"] == "True"
               for condition in pod["status"].get("conditions", []))


def running_status(pod, address, ready):
    conditions = [{"type": kind, "status": "True" if ready or kind == "PodScheduled" else "False",
                   "lastTransitionTime": now()}
                  for kind in ("PodScheduled", "Initialized", "ContainersReady", "Ready")]
    containers = [{"name": container["name"], "image": container["image"], "imageID": "",
                   "ready": ready, "started": ready, "restartCount": 0,
                   "state": {"running": {"startedAt": now()}}}
                  for container in pod["spec"]["containers"]]
    return {"status": {"phase": "Running", "podIP": address, "podIPs": [{"ip": address}],
                       "hostIP": "127.0.0.1", "startTime": now(), "conditions": conditions,
                       "containerStatuses": containers}}


class FakeNode(Background):
    """Runs from start() to stop(). Another thread may change these sets, then call look()."""

    def __init__(self, api):
        super().__init__()
        self.api = api
        self.unready = set()
        self.completes = set()
        self.numbers = itertools.count(2)

    def start(self):
        resources = {"cpu": "64", "memory": "256Gi", "pods": "10000"}
        self.api.post("/api/v1/nodes", {
            "apiVersion": "v1", "kind": "Node",
            "metadata": {"name": NAME, "labels": {"kubernetes.io/hostname": NAME}},
            "status": {"allocatable": resources, "capacity": resources,
                       "conditions": [{"type": "Ready", "status": "True"}]}})
        super().start()

    def work(self):
        while not self.stopping.is_set():
            try:
                self._watch(self.look())
            except (ApiError, OSError, ValueError, KeyError):
                self.stopping.wait(0.2)  # The API server is starting, busy or gone.

    def look(self):
        """Looks after all pods once; returns from where on to watch."""
        pods = self.api.get("/api/v1/pods")
        for pod in pods["items"]:
            self._take(pod)
        return pods["metadata"]["resourceVersion"]

    def _watch(self, version):
        path = (f"/api/v1/pods?watch=1&resourceVersion={version}&timeoutSeconds={WATCH_SECONDS}")
        with self.api.open("GET", path, seconds=2 * WATCH_SECONDS) as events:
            for line in events:
                event = json.loads(line)
                if self.stopping.is_set() or event["type"] == "ERROR":
                    return
                if event["type"] != "DELETED":
                    self._take(event["object"])

    def _take(self, pod):
        """One step of a pod's life. What changed meanwhile comes again."""
        try:
            if "deletionTimestamp" in pod["metadata"]:
                self.api.delete(path_of(pod), {"gracePeriodSeconds": 0})
            elif not pod["spec"].get("nodeName"):
                self._place(pod)
            else:
                self._tell_status(pod)
        except ApiError as error:
            if error.code not in (404, 409):
                raise

    def _place(self, pod):
        meta = pod["metadata"]
        self.api.post(f"{path_of(pod)}/binding", {
            "apiVersion": "v1", "kind": "Binding",
            "metadata": {"name": meta["name"], "namespace": meta["namespace"]},
            "target": {"apiVersion": "v1", "kind": "Node", "name": NAME}})

    def _tell_status(self, pod):
        if pod["metadata"]["name"] in self.completes:
            self._complete(pod)
            return
        ready = pod["metadata"]["name"] not in self.unready
        phase = pod["status"].get("phase", "Pending")
        if phase not in ("Pending", "Running") or (phase, is_ready(pod)) == ("Running", ready):
            return
        address = pod["status"].get("podIP") or self._next_address()
        self.api.patch(f"{path_of(pod)}/status", running_status(pod, address, ready))

    def _complete(self, pod):
        if pod["status"].get("phase") != "Succeeded":
            self.api.patch(f"{path_of(pod)}/status", {"status": {"phase": "Succeeded"}})

    def _next_address(self):
        number = next(self.numbers)
        return f"10.244.{number // 250 % 250}.{number % 250 + 2}"
