"""Requests that a metrics API server may get, right and wrong, byte for byte; and asking them.

The objects are those of metrics_questions.py. Words in braces are a server's own (Words there).
"""

import collections
import http.client
import json
import ssl

Request = collections.namedtuple("Request", "claim method path headers", defaults=({},))
# `kind` of the answer's object, `reason` of a Status, `items` of a list: None where there is none.
Reply = collections.namedtuple("Reply", "code media_type kind reason items message")

CUSTOM = "/apis/custom.metrics.k8s.io"
V1, V2 = f"{CUSTOM}/v1beta1", f"{CUSTOM}/v1beta2"
EXTERNAL = "/apis/external.metrics.k8s.io/v1beta1"
WEB = f"{V2}/namespaces/shop/services/web/{{metric}}"
PODS = f"{V2}/namespaces/shop/pods/%2A/{{metric}}"
DEMAND = f"{EXTERNAL}/namespaces/shop/{{external}}"
# What a front proxy says of who asks.
ADMIN = {"X-Remote-User": "admin", "X-Remote-Group": "system:masters"}


def _get(claim, path, **headers):
    return Request(claim, "GET", path, {key.replace("_", "-"): text
                                        for key, text in headers.items()})


DISCOVERY = (
    _get("groups", "/apis"), _get("groups, with a slash", "/apis/"),
    _get("the custom group", CUSTOM), _get("the external group", "/apis/external.metrics.k8s.io"),
    _get("custom v1beta1", V1), _get("custom v1beta2", V2), _get("external v1beta1", EXTERNAL),
    _get("custom v1beta2, with a slash", f"{V2}/"),
    _get("an unknown version", f"{CUSTOM}/v1"),
    _get("an unknown version's metric", f"{CUSTOM}/v1/namespaces/shop/services/web/{{metric}}"),
    _get("external v1beta2", "/apis/external.metrics.k8s.io/v1beta2"),
    _get("an unknown group", "/apis/example.com"), _get("the core group", "/api"),
    _get("groups, aggregated", "/apis", Accept="application/json;g=apidiscovery.k8s.io;v=v2;"
         "as=APIGroupDiscoveryList,application/json"),
    _get("alive", "/livez"), _get("ready", "/readyz"), _get("healthy", "/healthz"),
    _get("the version", "/version"), _get("an unknown path", "/none"),
    _get("OpenAPI v2", "/openapi/v2"), _get("OpenAPI v3", "/openapi/v3"),
)

FORMS = (
    _get("a service", WEB), _get("a service, v1beta1", WEB.replace(V2, V1)),
    _get("a deployment", f"{V2}/namespaces/shop/deployments.apps/web/{{metric}}"),
    _get("a deployment without its group", f"{V2}/namespaces/shop/deployments/web/{{metric}}"),
    _get("a kind in place of a resource", f"{V2}/namespaces/shop/Service/web/{{metric}}"),
    _get("a singular in place of a resource", f"{V2}/namespaces/shop/service/web/{{metric}}"),
    _get("an unknown resource", f"{V2}/namespaces/shop/gadgets/web/{{metric}}"),
    _get("an unknown group's resource", f"{V2}/namespaces/shop/gadgets.example.com/web/{{metric}}"),
    _get("one pod", f"{V2}/namespaces/shop/pods/web-0/{{metric}}"),
    _get("all pods, escaped", PODS), _get("all pods, plain", PODS.replace("%2A", "*")),
    _get("all pods, escaped in lower case", PODS.replace("%2A", "%2a")),
    _get("all services", f"{V2}/namespaces/shop/services/*/{{metric}}"),
    _get("all services of the cluster", f"{V2}/services/*/{{metric}}"),
    _get("a namespace", f"{V2}/namespaces/shop/metrics/{{metric}}"),
    _get("a namespace, v1beta1", f"{V1}/namespaces/shop/metrics/{{metric}}"),
    _get("a namespace as an object", f"{V2}/namespaces/shop/{{metric}}"),
    _get("a node", f"{V2}/nodes/fake-node/{{metric}}"),
    _get("all nodes", f"{V2}/nodes/*/{{metric}}"),
    _get("no metric's name", f"{V2}/namespaces/shop/services/web"),
    _get("no object's name", f"{V2}/namespaces/shop/services"),
    _get("only a namespace", f"{V2}/namespaces/shop"), _get("namespaces", f"{V2}/namespaces"),
    _get("one segment too many", f"{WEB}/more"), _get("a slash at the end", f"{WEB}/"),
    _get("two slashes", WEB.replace("/web/", "//web/")),
    _get("a dot segment", WEB.replace("/web/", "/./web/")),
    _get("an escaped slash", WEB.replace("/web/", "/web%2F")),
    _get("an escaped letter", WEB.replace("/web/", "/w%65b/")),
    _get("a broken escape", WEB.replace("/web/", "/w%zzb/")),
    _get("an unknown metric", f"{V2}/namespaces/shop/services/web/no_such_metric"),
    _get("an unknown object", WEB.replace("/web/", "/none/")),
    _get("an unknown namespace", WEB.replace("/shop/", "/none/")),
    _get("an external metric", DEMAND),
    _get("an unknown external metric", f"{EXTERNAL}/namespaces/shop/none"),
    _get("an external metric in upper case", f"{EXTERNAL}/namespaces/shop/{{EXTERNAL}}"),
    _get("an external metric without a namespace", f"{EXTERNAL}/{{external}}"),
    _get("an external metric with a name behind it", f"{DEMAND}/web"),
)

QUERIES = (
    _get("an unknown parameter", f"{WEB}?color=red"), _get("an empty parameter", f"{WEB}?"),
    _get("pretty", f"{WEB}?pretty=true"), _get("a limit", f"{PODS}?limit=1"),
    _get("a limit that is no number", f"{WEB}?limit=many"),
    _get("a timeout", f"{WEB}?timeout=5s&timeoutSeconds=5"),
    _get("a version of the data", f"{WEB}?resourceVersion=0"),
    _get("a field selector", f"{PODS}?fieldSelector=metadata.name%3Dweb-0"),
    _get("object labels for one object", f"{WEB}?labelSelector=app%3Dnone"),
    _get("object labels", f"{PODS}?labelSelector=tier+in+%28front%29"),
    _get("object labels, spaces as %20", f"{PODS}?labelSelector=tier%20in%20(front)"),
    _get("object labels that no pod has", f"{PODS}?labelSelector=tier%3Dnone"),
    _get("metric labels", f"{WEB}?metricLabelSelector=route_id%3D{{route}}"),
    _get("metric labels that do not fit", f"{WEB}?metricLabelSelector=route_id%3Dnone"),
    _get("pods' metric labels that do not fit", f"{PODS}?metricLabelSelector=route_id%3Dnone"),
    _get("a parameter twice",
         f"{WEB}?metricLabelSelector=route_id%3D{{route}}&metricLabelSelector=route_id%3Dnone"),
    _get("external labels", f"{DEMAND}?labelSelector={{key}}%3D{{value}}"),
    _get("external labels that do not fit", f"{DEMAND}?labelSelector={{key}}%3Dnone"),
    _get("a number compared", f"{WEB}?metricLabelSelector=route_id%3E5"),
    *(_get(f"a selector '{text}'", f"{WEB}?metricLabelSelector={escaped}")
      for text, escaped in (("=", "%3D"), ("a b", "a+b"), ("a in (b", "a+in+%28b"), ("!", "%21"),
                            ("a in ()", "a+in+%28%29"), ("a=_b", "a%3D_b"), ("a>b", "a%3Eb"),
                            ("a/b/c=d", "a%2Fb%2Fc%3Dd"), (",", ","), ("a=b,", "a%3Db%2C"))),
    _get("an object selector 'a b'", f"{PODS}?labelSelector=a+b"),
    _get("an external selector 'a b'", f"{DEMAND}?labelSelector=a+b"),
    _get("a field selector that is none", f"{PODS}?fieldSelector=a"),
    _get("a broken escape in the query", f"{WEB}?metricLabelSelector=%zz"),
)

VERBS = (
    *(Request(f"{method} of a service", method, WEB) for method in
      ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")),
    Request("POST of an external metric", "POST", DEMAND),
    Request("DELETE of a group", "DELETE", CUSTOM),
    _get("a watch of a service", f"{WEB}?watch=true&timeoutSeconds=1"),
    _get("a watch of pods", f"{PODS}?watch=1&timeoutSeconds=1"),
    _get("a watch of an external metric", f"{DEMAND}?watch=1&timeoutSeconds=1"),
    _get("a watch as a path", f"{V2}/watch/namespaces/shop/services/web/{{metric}}"),
)

MEDIA_TYPES = (
    _get("what the controller accepts", WEB, Accept="application/vnd.kubernetes.protobuf, */*"),
    _get("protobuf or JSON", WEB, Accept="application/vnd.kubernetes.protobuf,application/json"),
    _get("protobuf only", WEB, Accept="application/vnd.kubernetes.protobuf"),
    _get("YAML only", WEB, Accept="application/yaml"), _get("HTML only", WEB, Accept="text/html"),
    _get("a table or JSON", WEB,
         Accept="application/json;as=Table;v=v1;g=meta.k8s.io,application/json"),
    _get("no word of what is accepted", WEB, Accept=""),
)

REQUESTS = (*DISCOVERY, *FORMS, *QUERIES, *VERBS, *MEDIA_TYPES)


def in_words(words):
    """The requests as that server is asked them."""
    known = words._asdict() | {"EXTERNAL": words.external.upper()}
    for request in REQUESTS:
        yield request._replace(path=request.path.format_map(known))


def _reply(answer):
    text = answer.read().decode("utf-8", "replace")
    media_type = answer.headers.get("Content-Type", "").split(";")[0]
    try:
        told = json.loads(text)
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    listed = told.get("items", told.get("resources", told.get("groups")))
    return Reply(answer.status, media_type, told.get("kind"), told.get("reason"),
                 None if listed is None else len(listed), told.get("message", text[:200]))


def ask(port, context, request, headers=None, seconds=10.0):
    """The reply of the server at `port`; code 0 where it closed the connection instead."""
    connection = http.client.HTTPSConnection("localhost", port, timeout=seconds, context=context)
    try:
        connection.putrequest(request.method, request.path, skip_accept_encoding=True)
        for key, text in (ADMIN | request.headers if headers is None else headers).items():
            if text:
                connection.putheader(key, text)
        connection.endheaders()
        return _reply(connection.getresponse())
    except (http.client.HTTPException, ssl.SSLError, OSError) as error:
        return Reply(0, "", None, None, None, str(error))
    finally:
        connection.close()
