"""Which objects a cluster has, to see what a release leaves behind."""

AGGREGATED = ("custom.metrics.k8s.io", "external.metrics.k8s.io")
# What comes and goes by itself.
PASSING = ("events", "leases")


def group_versions(api):
    """Paths of all group versions but aggregated ones, preferred versions only."""
    yield "/api/v1"
    for group in api.get("/apis")["groups"]:
        if group["name"] not in AGGREGATED:
            yield f"/apis/{group['preferredVersion']['groupVersion']}"


def listable(api, path):
    """Names of a group version's resources that can be listed."""
    for resource in api.get(path)["resources"]:
        if "list" in resource["verbs"] and resource["name"] not in PASSING:
            yield resource["name"]


def names(api):
    """{"RESOURCE NAMESPACE/NAME"} of all objects."""
    found = set()
    for path in group_versions(api):
        for resource in listable(api, path):
            for each in api.get(f"{path}/{resource}")["items"]:
                meta = each["metadata"]
                found.add(f"{path}/{resource} {meta.get('namespace', '')}/{meta['name']}")
    return found
