"""What a metrics API server is asked by Kubernetes' own clients, and what it has to answer.

Words in braces are a server's own: see Words. All servers are asked the same about the same
objects: Service and Deployment `web`, its pods `web-0` (tier front) and `web-1` (tier back), and
the namespace `shop`, each with requests of one route and method.
"""

import collections

Words = collections.namedtuple("Words", "metric route method external key value other")
Question = collections.namedtuple("Question", "claim asked expected")
ROUTE, METHOD = "get-orders", "GET"


def items(count):
    return {"items": count}


def error(code, reason):
    return {"code": code, "reason": reason}


NOT_FOUND = error(404, "NotFound")
WEB = {"form": "object", "namespace": "shop", "kind": "Service", "name": "web",
       "metric": "{metric}"}
PODS = {"form": "objects", "namespace": "shop", "kind": "Pod", "metric": "{metric}"}
EXTERNAL = {"form": "external", "namespace": "shop", "metric": "{external}"}

FORMS = (
    Question("a service", WEB, items(1)),
    Question("a service, v1beta1", WEB | {"version": "v1beta1"}, items(1)),
    Question("a service, v1beta2", WEB | {"version": "v1beta2"}, items(1)),
    Question("a kind of a named group",
             WEB | {"group": "apps", "kind": "Deployment"}, items(1)),
    Question("one pod", WEB | {"kind": "Pod", "name": "web-0"}, items(1)),
    Question("a namespace", WEB | {"namespace": "", "kind": "Namespace", "name": "shop"}, items(1)),
    Question("a namespace, v1beta1", WEB | {"namespace": "", "kind": "Namespace", "name": "shop",
                                            "version": "v1beta1"}, items(1)),
    Question("all pods", PODS, items(2)),
    Question("all pods, v1beta1", PODS | {"version": "v1beta1"}, items(2)),
    Question("an unknown metric", WEB | {"metric": "no_such_metric"}, NOT_FOUND),
    Question("a metric in another case", WEB | {"metric": "HTTP_requests_per_second"}, NOT_FOUND),
    Question("an unknown object", WEB | {"name": "none"}, NOT_FOUND),
    Question("an object of another namespace", WEB | {"namespace": "default"}, NOT_FOUND),
    Question("a kind that has no such metric",
             WEB | {"group": "apps", "kind": "StatefulSet"}, NOT_FOUND),
    Question("a namespace that has no such metric",
             WEB | {"namespace": "", "kind": "Namespace", "name": "default"}, NOT_FOUND),
    Question("an object of the cluster",
             WEB | {"namespace": "", "kind": "Node", "name": "fake-node"}, NOT_FOUND),
    Question("pods of a namespace without any", PODS | {"namespace": "default"}, items(0)),
    Question("an external metric", EXTERNAL, items(2)),
    Question("an external metric in upper case, which the client lowers",
             EXTERNAL | {"metric": "{EXTERNAL}"}, items(2)),
    Question("an unknown external metric", EXTERNAL | {"metric": "no-such-metric"}, items(0)),
)

# Which of the pods' labels fit; tier is front or back.
OBJECT_SELECTORS = (
    ("app=web", 2), ("app==web", 2), ("app!=web", 0), ("tier=front", 1), ("tier!=front", 1),
    ("tier in (front,back)", 2), ("tier in (back)", 1), ("tier notin (front,back)", 0),
    ("tier notin (front)", 1), ("tier", 2), ("!tier", 0), ("color", 0), ("!color", 2),
    ("app=web,tier=back", 1), ("app=web,tier=none", 0),
)
# Whether labels route_id={route}, method={method} fit.
METRIC_SELECTORS = (
    ("route_id={route}", True), ("route_id=={route}", True), ("route_id!={route}", False),
    ("route_id=none", False), ("route_id!=none", True), ("route_id=", False),
    ("route_id in ({route},none)", True), ("route_id in (none)", False),
    ("route_id notin ({route},none)", False), ("route_id notin (none)", True),
    ("route_id", True), ("!route_id", False), ("color", False), ("!color", True),
    ("color=red", False), ("color!=red", True), ("color notin (red)", True),
    ("color in (red)", False), ("route_id={route},method={method}", True),
    ("route_id={route},method=DELETE", False), ("method in ({method},HEAD),!color", True),
)
# How many of two series with {key}={value} and {key}={other} fit.
EXTERNAL_SELECTORS = (
    ("{key}={value}", 1), ("{key}=={value}", 1), ("{key}!={value}", 1), ("{key}=none", 0),
    ("{key}!=none", 2), ("{key} in ({value},{other})", 2), ("{key} in ({value})", 1),
    ("{key} notin ({value})", 1), ("{key} notin ({value},{other})", 0), ("{key}", 2),
    ("!{key}", 0), ("color", 0), ("!color", 2), ("{key}={value},{key}!={other}", 1),
    ("{key}={value},color=red", 0),
)


def _selecting():
    for selector, count in OBJECT_SELECTORS:
        yield Question(f"pods: {selector}", PODS | {"objectSelector": selector}, items(count))
    for selector, fits in METRIC_SELECTORS:
        asked = {"metricSelector": selector}
        yield Question(f"service: {selector}", WEB | asked, items(1) if fits else NOT_FOUND)
        yield Question(f"pods' routes: {selector}", PODS | asked, items(2 if fits else 0))
    for selector, count in EXTERNAL_SELECTORS:
        yield Question(f"external: {selector}", EXTERNAL | {"metricSelector": selector},
                       items(count))


QUESTIONS = (*FORMS, *_selecting())


def in_words(words):
    """The questions as that server is asked them."""
    known = words._asdict() | {"EXTERNAL": words.external.upper()}
    for claim, asked, expected in QUESTIONS:
        yield Question(claim, {key: text.format_map(known) for key, text in asked.items()},
                       expected)
