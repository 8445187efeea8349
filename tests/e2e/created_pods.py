"""Pods as Kubernetes' controllers create them from workloads, and what of a pod is compared."""

import copy
import uuid

APPS = "apps/v1"
ASKED = "routerate.io/inject"


def controlled_by(kind, name, api_version=APPS):
    return [{"apiVersion": api_version, "kind": kind, "name": name, "controller": True,
             "uid": str(uuid.uuid4())}]


def claim_volume(claim, pod):
    name = claim["metadata"]["name"]
    return {"name": name, "persistentVolumeClaim": {"claimName": f"{name}-{pod}"}}


def template_of(workload):
    """The pod's template, wherever the kind has it."""
    spec = workload.get("spec", {})
    if workload["kind"] == "Pod":
        return workload
    if workload["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return workload["template"] if workload["kind"] == "PodTemplate" else spec["template"]


def pod_of(workload):
    """The pod that the API server would see, without a namespace, and of the default account."""
    kind, name = workload["kind"], workload["metadata"].get("name", "")
    pod = copy.deepcopy(template_of(workload))
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": pod.get("metadata") or {},
           "spec": pod["spec"]}
    meta = pod["metadata"]
    meta.pop("namespace", None)
    for key in ("serviceAccountName", "serviceAccount"):
        pod["spec"].pop(key, None)
    if kind in ("Pod", "PodTemplate"):
        meta.setdefault("name", name) if "generateName" not in meta else None
        return pod
    owner, owner_kind, group = name, kind, APPS
    if kind == "Deployment":
        meta.setdefault("labels", {})["pod-template-hash"] = "7dcb7bb478"
        owner, owner_kind = f"{name}-7dcb7bb478", "ReplicaSet"
    elif kind in ("CronJob", "Job"):
        owner = f"{name}-29384761" if kind == "CronJob" else name
        owner_kind, group = "Job", "batch/v1"
        pod["spec"].setdefault("restartPolicy", "Never")
    elif kind == "ReplicationController":
        group = "v1"
    meta["generateName"] = f"{owner}-"
    meta["ownerReferences"] = controlled_by(owner_kind, owner, group)
    claims = workload.get("spec", {}).get("volumeClaimTemplates", [])
    pod["spec"].setdefault("volumes", []).extend(claim_volume(claim, name) for claim in claims)
    return pod


def asking(workload):
    """The same, with the label that the policy looks for unless it says something."""
    workload = copy.deepcopy(workload)
    meta = template_of(workload).setdefault("metadata", {})
    if ASKED not in meta.setdefault("labels", {}) | (meta.get("annotations") or {}):
        meta["labels"][ASKED] = "true"
    return workload


def comparable(pod):
    """What must be the same whoever injected: lists that have names are sorted by them, and what
    the API server makes up anew for each pod is gone."""
    spec = copy.deepcopy(pod["spec"])
    for container in spec["containers"] + spec.get("initContainers", []):
        container["volumeMounts"] = by_name(container.get("volumeMounts", []))
    spec["volumes"] = by_name(spec.get("volumes", []))
    return {"annotations": pod["metadata"].get("annotations", {}), "spec": spec}


def by_name(items):
    for item in items:
        if item["name"].startswith("kube-api-access-"):
            item["name"] = "kube-api-access"
    return sorted(items, key=lambda item: (item["name"], item.get("mountPath", "")))


def sidecar_of(pod):
    """The injected container, of whichever kind, or None."""
    containers = pod["spec"].get("initContainers", []) + pod["spec"]["containers"]
    return next((c for c in containers if c["name"] == "routerate-agent"), None)
