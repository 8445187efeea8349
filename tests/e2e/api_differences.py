"""Where metrics API servers do not answer alike, and why (api_comparison.compare)."""

from api_comparison import Difference

_UNEQUAL = "the library cannot repeat a selector with !="
_EMPTY = "an error says why there is nothing; of an empty list an HPA makes an error of its own"
_SUM = "one item: the sum that an HPA would make of several"
_ZERO = "nobody asked for anything else: that is 0"
_POD_ROUTES = "a pod's requests are known by the routes of routes.yaml, which must be named"
_STATUS = "a Status, where the library lists paths"
_RESOURCES = "resources have one name: clients find it out before they ask"
_BROKEN = "a broken request is the client's mistake"
_PLAIN = "a path has one spelling: what may be read is judged by it"
_IGNORED = "what means nothing here is ignored"
_JSON = "always JSON: every client takes it"

# What our questions expect, and custom-metrics-apiserver's answer.
EXPECTED_AND_REFERENCE = (
    Difference("client: *_id!=none", "* items", "500 *", _UNEQUAL),
    Difference("client: *color!=red", "* items", "500 *", _UNEQUAL),
)

# What custom-metrics-apiserver answers, and the aggregator.
REFERENCE_AND_AGGREGATOR = (
    Difference("client: pods*", "0 items", "404 NotFound", _EMPTY),
    Difference("client: *external*", "0 items", "404 NotFound", _EMPTY),
    Difference("path: *", "200 *MetricValueList, 0 items", "404 NotFound", _EMPTY),
    Difference("client: *external*", "2 items", "1 items", _SUM),
    Difference("path: an external metric", "200 *, 2 items", "200 *, 1 items", _SUM),
    Difference("client: service: *route*", "404 NotFound", "1 items", _ZERO),
    Difference("client: pods' routes: *,method=DELETE", "0 items", "2 items", _ZERO),
    Difference("client: external: *{key}*", "0 items", "1 items", _ZERO),
    Difference("client: service: route_id!=none", "500 *", "1 items", _UNEQUAL),
    Difference("client: pods' routes: route_id*", "2 items", "404 NotFound", _POD_ROUTES),
    Difference("client: pods' routes: route_id!=none", "500 *", "404 NotFound", _POD_ROUTES),
    Difference("client: pods' routes: method in*", "2 items", "404 NotFound", _POD_ROUTES),
    Difference("client: *color!=red", "500 *", "? items", _UNEQUAL),
    Difference("path: *", "404 application/json", "404 NotFound", _STATUS),
    Difference("path: groups, aggregated", "200 APIGroupDiscoveryList", "200 APIGroupList",
               "the API server then asks for each version's list"),
    Difference("path: the version", "200 *", "404 NotFound", "nobody asks for it"),
    Difference("path: OpenAPI v?", "200 *", "404 NotFound", "404 is allowed: there is no schema"),
    Difference("path: a * in place of a resource", "200 *", "404 NotFound", _RESOURCES),
    Difference("path: an unknown *resource", "500 *", "404 NotFound", "what is not there is a 404"),
    Difference("path: a namespace as an object", "400 BadRequest", "200 *, 1 items",
               "it can mean one thing only"),
    Difference("path: no object's name", "400 BadRequest", "404 NotFound", "a path that is none"),
    Difference("path: a broken escape", "400 text/plain", "404 NotFound", "a path that is none"),
    Difference("path: an external metric in upper case", "200 *, 0 items", "200 *, 1 items",
               "external metrics are known in any case: clients write them in lower case"),
    Difference("path: a limit that is no number", "400 BadRequest", "200 *", _IGNORED),
    Difference("path: a field selector*", "400 BadRequest", "200 *", _IGNORED),
    Difference("path: a selector *", "500 *", "400 BadRequest", _BROKEN),
    Difference("path: a broken escape in the query", "200 *", "400 BadRequest", _BROKEN),
    Difference("path: a watch of an external metric", "405 MethodNotAllowed", "200 *",
               "the list, as of custom metrics"),
    Difference("path: HEAD of a service", "405 *", "200 *", "as GET, without a body"),
    Difference("path: two slashes", "404 NotFound", "400 BadRequest", _PLAIN),
    Difference("path: a dot segment", "404 NotFound", "400 BadRequest", _PLAIN),
    Difference("path: *", "200 application/*", "200 MetricValueList, 1 items", _JSON),
    Difference("path: HTML only", "406 NotAcceptable", "200 *", _JSON),
)
