// Each page is a pure function of the newest snapshot and its age.
#include "aggregator/http_views.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "aggregator/aged_snapshot.h"
#include "aggregator/dashboard_files.h"
#include "aggregator/history_page.h"
#include "aggregator/hpa_page.h"
#include "aggregator/overview_page.h"
#include "aggregator/route_values.h"
#include "aggregator/stats_metrics.h"
#include "aggregator/stats_page.h"

namespace routerate {
namespace {

// The loop publishes every second at least; a rebalance or a slow disk may hold it up for a while.
constexpr Millis kPublishesWithin{10'000};

constexpr std::string_view kIndex =
    "routerate-aggregator " ROUTERATE_VERSION
    "\n\n"
    "/         the dashboard, in a browser\n"
    "/stats    request rates, one line a route: curl -s HOST/stats | grep orders\n"
    "          by=route|service|pod namespace= service= route= method= grep=RE2 sort=COLUMN "
    "limit=N\n"
    "          format=text|json|csv|ndjson|prom watch=SECONDS colour=1\n"
    "/metrics  the same for Prometheus\n"
    "/v1/routes/ROUTE_ID?namespace=NAMESPACE\n"
    "          a route's rates as JSON, for KEDA's metrics-api scaler\n"
    "/overview routes, services, pods and the pipeline's health as one object; a stream for\n"
    "          Accept: text/event-stream\n"
    "/history  the last hour of each route\n"
    "/hpa?namespace=NAMESPACE&service=SERVICE&route_id=ROUTE_ID\n"
    "          a ready HPA manifest: curl -s HOST/hpa?... | kubectl apply -f -\n"
    "/healthz  the process works\n"
    "/readyz   it has read its partitions\n";

HttpResponse Health(const StatsSnapshot& snapshot, Millis now) {
  const Millis age = now - snapshot.made_at_monotonic;
  if (age <= kPublishesWithin) return {.body = "ok\n"};
  return {.status = 503,
          .body = fmt::format("the loop stands still for {} s\n", age.count() / 1000)};
}

// Once ready it stays so: later trouble is told by ages and withheld rates, and taking the replica
// out of its Service would hide even these.
HttpResponse Readiness(const StatsSnapshot& snapshot, const ConsumerOptions& kafka) {
  if (snapshot.was_caught_up) return {.body = "ok\n"};
  HttpResponse response{.status = 503};
  if (!snapshot.source.trouble.empty()) {
    response.body = fmt::format("not ready: kafka: {}\n", snapshot.source.trouble);
  } else if (!snapshot.source.joined) {
    response.body = fmt::format("not ready: group {} has no assignment of topic {} yet\n",
                                kafka.group, kafka.topic);
  } else {
    response.body = fmt::format("not ready: {} partitions are not read to their end yet\n",
                                snapshot.partitions_behind.size());
  }
  return response;
}

}  // namespace

HttpRoutes HttpViews(const AggregatorOptions& options, const StatsBoard& board,
                     const RecentHistory& history, const Clock& clock,
                     std::function<std::string()> more_metrics) {
  const auto aging = std::make_shared<AgingBoard>(board, clock, options.stale_after);
  const auto latest = [aging] { return aging->Latest(); };
  HttpRoutes routes = DashboardRoutes(kIndex);
  routes.merge(HttpRoutes{
      {"/overview",
       [page = OverviewPage(latest)](const HttpRequest& request) { return page.Answer(request); }},
      {"/history",
       [latest, &history](const HttpRequest& request) {
         return HistoryPage(request, *latest(), history);
       }},
      {"/hpa", [latest](const HttpRequest& request) { return HpaPage(request, *latest()); }},
      {"/stats",
       [page = StatsPage(latest)](const HttpRequest& request) { return page.Answer(request); }},
      {"/metrics",
       [latest, &options, more_metrics = std::move(more_metrics)](const HttpRequest&) {
         HttpResponse response{.content_type = kMetricsContentType,
                               .body = StatsMetrics(*latest(), options.pod_metrics)};
         if (more_metrics) response.body += more_metrics();
         return response;
       }},
      {"/v1/routes/",
       [latest, &options](const HttpRequest& request) {
         return RouteValues(request, *latest(), options);
       }},
      {"/healthz",
       [&board, &clock](const HttpRequest&) { return Health(*board.Latest(), clock.Monotonic()); }},
      {"/readyz", [&board, &options](
                      const HttpRequest&) { return Readiness(*board.Latest(), options.kafka); }},
  });
  return routes;
}

}  // namespace routerate
