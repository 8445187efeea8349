"""What a HorizontalPodAutoscaler wants and does, looked at again and again."""

import collections
import time

from background import Background
from kube_api import ApiError
from processes import wait_for

# desired: by the HPA's status; replicas: of the Deployment's spec; active: (status, reason, message)
# of its condition ScalingActive.
Look = collections.namedtuple("Look", "at desired replicas active")


class HpaWatch(Background):
    """Of an HPA and the Deployment of the same name, until stop()."""

    def __init__(self, api, namespace, name, interval=0.2):
        super().__init__()
        self.api = api
        self.hpa = f"/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers/{name}"
        self.deployment = f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}"
        self.interval = interval
        self.looks = []
        self.start()

    def work(self):
        while not self.stopping.wait(self.interval):
            try:
                self.looks.append(self.look())
            except ApiError:
                pass  # busy; it is asked again

    def look(self):
        at = time.time()
        status = self.api.get(self.hpa).get("status", {})
        replicas = self.api.get(self.deployment)["spec"]["replicas"]
        active = next(((each["status"], each["reason"], each["message"])
                       for each in status.get("conditions", []) if each["type"] == "ScalingActive"),
                      ("", "", ""))
        return Look(at, status.get("desiredReplicas"), replicas, active)

    def last(self):
        return self.looks[-1] if self.looks else Look(0, None, None, ("", "", ""))

    def wait_for_replicas(self, what, wanted, seconds):
        """Returns when the Deployment's replicas are `wanted`, by a function of their number."""
        return wait_for(what, lambda: self.looks and wanted(self.last().replicas) and self.last(),
                        seconds)

    def since(self, at):
        return [look for look in self.looks if look.at >= at]

    def changes(self, since=0.0):
        """(at, replicas) of each change, the first look's too."""
        changes = []
        for look in self.since(since):
            if not changes or changes[-1][1] != look.replicas:
                changes.append((look.at, look.replicas))
        return changes
