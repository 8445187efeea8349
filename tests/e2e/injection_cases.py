"""Pods that injection has to tell apart: each a Deployment's template, or another workload."""

NGINX = {"name": "web", "image": "nginx:1.27"}
TOMCAT = {"name": "app", "image": "registry.invalid/base/tomcat-app1:v1"}
POD_NAME = {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
ZONE = {"name": "ZONE", "value": "a"}


def deployment(*containers, annotations=None, labels=None, **spec):
    labels = {"app": "shop"} | (labels or {})
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"},
            "spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": {
                "metadata": {"labels": labels, "annotations": {
                    f"routerate.io/{key}": value for key, value in (annotations or {}).items()}},
                "spec": {"containers": [dict(c) for c in containers]} | spec}}}


def mounting(container, *mounts, **more):
    return container | {"volumeMounts": [dict(m) for m in mounts]} | more


def volume(name, **kind):
    return {"name": name} | (kind or {"emptyDir": {}})


def other(kind, name, template, api_version="apps/v1", **spec):
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name},
            "spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": template} | spec}


PLAIN = deployment(NGINX)["spec"]["template"]
CLAIM = {"metadata": {"name": "data"}, "spec": {
    "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}
LOGS = {"name": "logs", "mountPath": "/var/log/nginx"}
DATA = {"name": "data", "mountPath": "/var"}
NFS = volume("data", persistentVolumeClaim={"claimName": "nfs"})

CASES = {
    "nginx": deployment(NGINX),
    "tomcat": deployment(TOMCAT),
    "tomcat by the label": deployment(NGINX, labels={"routerate.io/inject": "tomcat"}),
    "the annotation wins": deployment(NGINX, labels={"routerate.io/inject": "false"},
                                      annotations={"inject": "combined"}),
    "a format": deployment(NGINX, annotations={"format": "auto", "inject": "tomcat"}),
    "the second container": deployment({"name": "sh", "image": "busybox:1"}, TOMCAT,
                                       annotations={"container": "app"}),
    "a directory of logs": deployment(NGINX, annotations={"logs": "/srv/logs/"}),
    "wildcards in directories": deployment(NGINX, annotations={"logs": "/srv/*/logs/a?.log"}),
    "a service": deployment(NGINX, annotations={"service": "app1-nginx-service"}),
    "reclaimed": deployment(NGINX, annotations={"reclaim": "punch"}),
    "resources": deployment(NGINX, annotations={"cpu-request": "50m", "memory-limit": "128Mi",
                                                "cpu-limit": "1"}),
    "shared emptyDir": deployment(mounting(NGINX, LOGS), volumes=[volume("logs")]),
    "a parent is mounted": deployment(mounting(NGINX, DATA), volumes=[NFS]),
    "nested mounts": deployment(mounting(NGINX, DATA, LOGS | {"mountPath": "/var/log/"},
                                         {"name": "data", "mountPath": "/var/lo"}),
                                volumes=[NFS, volume("logs")]),
    "a subPath": deployment(mounting(NGINX, LOGS | {"subPath": "web"}), volumes=[volume("logs")]),
    "a subPathExpr": deployment(
        mounting(NGINX, LOGS | {"subPathExpr": "$(ZONE)/$(POD_NAME)"}, env=[POD_NAME, ZONE]),
        volumes=[volume("logs")]),
    "not mounted there": deployment(mounting(NGINX, LOGS | {"mountPath": "/var/log/nginx2"}),
                                    volumes=[volume("logs")]),
    "a user": deployment(TOMCAT, annotations={"run-as-user": "2020"}),
    "the container's user": deployment(
        TOMCAT | {"securityContext": {"runAsUser": 2020, "runAsGroup": 2021}}),
    "the pod's user": deployment(TOMCAT, securityContext={"runAsUser": 2020}),
    "root of the pod": deployment(TOMCAT, securityContext={"runAsUser": 0}),
    "root in a pod of another": deployment(TOMCAT | {"securityContext": {"runAsUser": 0}},
                                           securityContext={"runAsUser": 2020}),
    "an fsGroup": deployment(TOMCAT, securityContext={"fsGroup": 2020}),
    "a claim keeps its group": deployment(TOMCAT, volumes=[NFS]),
    "init containers": deployment(NGINX, initContainers=[{"name": "wait", "image": "busybox:1"}]),
    "a bare pod": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "alone"} | {
        "labels": {"app": "x"}}, "spec": {"containers": [NGINX]}},
    "a generated pod": {"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "many-"},
                        "spec": {"containers": [NGINX]}},
    "a ReplicaSet": other("ReplicaSet", "shop-7dcb7bb478", PLAIN),
    "a StatefulSet": other("StatefulSet", "db", PLAIN, serviceName="db"),
    "a StatefulSet with claims": other("StatefulSet", "db", PLAIN, serviceName="db",
                                       volumeClaimTemplates=[CLAIM]),
    "a DaemonSet": other("DaemonSet", "front", PLAIN),
    "a Job": {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "load-20261127"},
              "spec": {"template": PLAIN}},
    "a CronJob": {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "nightly"},
                  "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": PLAIN}}}},
}

UNTOUCHED = {
    "not asked for": deployment(NGINX),
    "asked not to": deployment(NGINX, labels={"routerate.io/inject": "false"}),
    "the annotation asks not to": deployment(NGINX, labels={"routerate.io/inject": "nginx"},
                                             annotations={"inject": "false"}),
    "something else": deployment(NGINX, annotations={"inject": "yes"}),
}

# What a pod says, and the words of the error that template and command have for it.
ILLEGAL = {
    "format": ("ngnix", "is not one of nginx, tomcat, combined, auto"),
    "logs": ("access.log", "absolute"),
    "container": ("nobody", "no container"),
    "reclaim": ("all", "not one of none, punch"),
    "service": ("a b", "white space"),
    "run-as-user": ("www", "number"),
    "cpu-request": ("lots", "not an amount such as"),
}
