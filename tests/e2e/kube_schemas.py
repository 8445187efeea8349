"""JSON schemas of a cluster's objects for kubeconform, of what its API server says of itself."""

import json


def strict(schema):
    """Knows no field but its own, as a server that validates strictly."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items() if key != "properties"}
    if "$ref" in made:
        made["$ref"] = made["$ref"].replace("#/components/schemas/", "#/definitions/")
    if "properties" in schema:
        made["properties"] = {name: strict(value) for name, value in schema["properties"].items()}
        if not made.get("x-kubernetes-preserve-unknown-fields"):
            made.setdefault("additionalProperties", False)
    return made


def file_name(group, version, kind):
    """As kubeconform's {{.ResourceKind}}{{.KindSuffix}}.json."""
    first = group.split(".")[0]
    return "-".join(filter(None, (kind.lower(), first, version.lower()))) + ".json"


def write(api, folder):
    """One file a kind; each has all definitions of its group version with it."""
    folder.mkdir(parents=True)
    for source in api.get("/openapi/v3")["paths"].values():
        document = api.get(source["serverRelativeURL"])
        schemas = document.get("components", {}).get("schemas", {})
        definitions = {name: strict(schema) for name, schema in schemas.items()}
        for name, schema in definitions.items():
            for kind in schema.get("x-kubernetes-group-version-kind", []):
                path = folder / file_name(kind["group"], kind["version"], kind["kind"])
                path.write_text(json.dumps({"$ref": f"#/definitions/{name}",
                                            "definitions": definitions}))
    return folder
