// /v1/routes/ROUTE_ID: a route's metrics as plain JSON, for what is no client of Kubernetes' APIs,
// such as KEDA's metrics-api scaler.
#pragma once

#include "aggregator/aggregator_options.h"
#include "aggregator/stats_snapshot.h"
#include "base/http_server.h"

namespace routerate {

// Query: namespace=, which is required; service= method= code= host= workload= narrow it down.
//   {"namespace":"shop","route_id":"get-orders-id","http_requests_per_second":12.5,...}
// by the names of metric_definition.h. What is withheld is null; if nothing has a value, it is an
// error of the kind {"error":"..."} with status 503, and 404 where there is no such route.
HttpResponse RouteValues(const HttpRequest& request, const StatsSnapshot& snapshot,
                         const AggregatorOptions& options);

}  // namespace routerate
