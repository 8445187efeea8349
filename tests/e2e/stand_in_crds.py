"""CustomResourceDefinitions of operators that the chart has objects for: names, any content."""

from processes import wait_for

KINDS = (
    ("monitoring.coreos.com", "ServiceMonitor"), ("monitoring.coreos.com", "PodMonitor"),
    ("monitoring.coreos.com", "PrometheusRule"),
    ("cert-manager.io", "Issuer"), ("cert-manager.io", "Certificate"))
ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def definition(group, kind):
    plural = f"{kind.lower()}s"
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{group}"},
            "spec": {"group": group, "scope": "Namespaced",
                     "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
                     "versions": [{"name": "v1", "served": True, "storage": True, "schema": {
                         "openAPIV3Schema": {"type": "object",
                                             "properties": {"spec": ANYTHING}}}}]}}


def described(api, group, kind):
    """Whether the server's OpenAPI document of the group has the kind, which is later than served."""
    source = api.get("/openapi/v3")["paths"].get(f"apis/{group}/v1")
    schemas = source and api.get(source["serverRelativeURL"])["components"]["schemas"]
    return any(name.endswith(f".v1.{kind}") for name in schemas or ())


def install(plane):
    """Returns when all of them are served and described."""
    plane.apply(*(definition(*each) for each in KINDS))
    for group, kind in KINDS:
        wait_for(f"{kind} is served",
                 lambda: plane.api.answers(f"/apis/{group}/v1/{kind.lower()}s"))
        wait_for(f"{kind} is described", lambda: described(plane.api, group, kind))
