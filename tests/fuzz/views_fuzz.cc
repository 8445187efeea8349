// Requests to the HTTP port's pages: a method, a space and the target of a request line, of any
// bytes, answered by the pages themselves over a snapshot that has something of everything.
// Whatever is asked, the answer is no failure, is text in UTF-8 and, where it says so, JSON.
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aggregator/http_access.h"
#include "aggregator/http_views.h"
#include "parsers/utf8.h"
#include "tests/fuzz/checked_event.h"
#include "tests/fuzz/fuzzed_request.h"

namespace routerate {
namespace {

namespace json = boost::json;

constexpr int kPieces = 2;  // of each stream

SeriesStats Series(const std::string& route, const std::string& method, double rate) {
  SeriesStats series;
  series.route = route;
  series.route_id = series.rule_name = "get-orders-id";
  series.method = method;
  for (auto& each : series.requests_per_second) each = rate;
  for (auto& each : series.class_rates) each = ClassRates{0, rate, 0, 0, 0, 0};
  series.quantiles = LatencyQuantiles{1, 2.5, 1e9};
  series.requests = {1, 2, 3, 4, 5, 6};
  series.total = 21;
  series.latency.Add(4'000);
  return series;
}

ServiceStats Service(const std::string& name, ServiceState state) {
  ServiceStats service;
  service.name_space = "shop";
  service.service = name;
  service.state = state;
  if (state == ServiceState::kKnown) service.age_s = service.coverage = 1;
  service.all = Series("", "", 3);
  service.series = {Series("/orders/{id}", "GET", 3), Series("/\xC3\xA9\"\\\n,<b>", "", 0)};
  PodStats pod;
  pod.pod = name + "-0";
  pod.workload = "deployments.apps/" + name;
  pod.labels = std::make_shared<const PodLabels>(PodLabels{{"app", name}});
  pod.state = state;
  pod.all = Series("", "", 3);
  pod.routes = {Series("/orders/{id}", "GET", 3)};
  service.pods = {pod, PodStats{}};
  service.workloads = {{pod.workload, pod.all, pod.routes}};
  return service;
}

StatsSnapshot Filled() {
  StatsSnapshot snapshot;
  snapshot.was_caught_up = true;
  snapshot.services = {Service("cart", ServiceState::kWarming), Service("old", ServiceState::kGone),
                       Service("web", ServiceState::kKnown)};
  snapshot.services.push_back(Service("zoo", ServiceState::kUnknown));
  snapshot.targets = {{"shop", "deployments.apps/api", {2.5, 1.0, std::nullopt}, 0.5, 0}};
  snapshot.source.lag = {{0, 7}};
  return snapshot;
}

class Pages {
 public:
  Pages() {
    board_.Publish(std::make_shared<const StatsSnapshot>(Filled()));
    history_.Sample(*board_.Latest());
  }

  HttpResponse Answer(HttpRequest request) const {
    std::optional<HttpResponse> answer;
    route_.Answer(std::make_shared<const HttpRequest>(std::move(request)),
                  [&](HttpResponse response) { answer = std::move(response); });
    Promise(answer.has_value(), "a page answers at once", "");
    return *std::move(answer);
  }

 private:
  AggregatorOptions options_;
  StatsBoard board_;
  RecentHistory history_;
  ManualClock clock_{1'795'000'000'000};
  HttpRoute route_ = WithUtf8(ByPath(HttpViews(options_, board_, history_, clock_)));
};

bool IsJson(std::string_view text) {
  json::error_code error;
  (void)json::parse(json::string_view(text.data(), text.size()), error);
  return !error;
}

void CheckBody(const HttpResponse& answer, std::string_view body, std::string_view asked) {
  Promise(IsUtf8(body), "an answer is UTF-8", asked);
  if (answer.content_type == "application/json") Promise(IsJson(body), "JSON is JSON", asked);
  if (answer.content_type != "application/x-ndjson") return;
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    Promise(end != std::string_view::npos, "a line of NDJSON ends", asked);
    Promise(IsJson(body.substr(0, end)), "a line of NDJSON is JSON", asked);
    body.remove_prefix(end + 1);
  }
}

// 503 is for a route whose rate is not known, and for nothing else of a snapshot that is fresh.
void CheckStatus(const HttpResponse& answer, const HttpRequest& request, std::string_view asked) {
  const bool route = request.path.starts_with("/v1/routes/");
  switch (answer.status) {
    case 200:
    case 400:
    case 404:
      return;
    case 405:
      return Promise(request.method != "GET" && request.method != "HEAD", "GET is served", asked);
    default:
      Promise(answer.status == 503 && route, "what a client sends is no failure", asked);
  }
}

void Check(const HttpRequest& request, std::string_view asked) {
  static const Pages pages;
  const HttpResponse answer = pages.Answer(request);
  CheckStatus(answer, request, asked);
  CheckBody(answer, answer.body, asked);
  if (answer.status == 400 && answer.content_type.starts_with("text/")) {
    Promise(answer.body.find('\n') == answer.body.size() - 1, "a mistake is one line", asked);
  }
  for (int i = 0; answer.stream && i < kPieces; ++i)
    CheckBody(answer, *answer.stream->next(), asked);
}

}  // namespace
}  // namespace routerate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  routerate::Check(routerate::FuzzedRequest(text), text);
  return 0;
}
