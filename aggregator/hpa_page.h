// /hpa: a ready HPA manifest for a route that is shown, as YAML for kubectl.
#pragma once

#include "aggregator/stats_snapshot.h"
#include "base/http_message.h"

namespace routerate {

// Query: namespace= service= route_id=, all required; workload= (else the one that the service's
// pods tell, or a deployment of the service's name), target= min= max= (HpaRequest's defaults).
// 404: the service has no such route now; 400: what is not understood, in one line.
HttpResponse HpaPage(const HttpRequest& request, const StatsSnapshot& snapshot);

}  // namespace routerate
