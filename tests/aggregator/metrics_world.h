// A snapshot made by hand, and the metrics API over it.
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/metrics_api.h"
#include "parsers/route_matcher.h"

namespace routerate {

inline constexpr WallMs kNow = 1'795'000'000'000;
inline const std::string kCustom = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/";
inline const std::string kExternal = "/apis/external.metrics.k8s.io/v1beta1/namespaces/";

// Rates of 2xx and 5xx, the same in each window but for the first, where they are ten times that.
inline SeriesStats Series(std::string route_id, std::string method, double ok, double failed) {
  SeriesStats series;
  series.route_id = std::move(route_id);
  series.method = std::move(method);
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    const double times = i == 0 ? 10 : 1;
    ClassRates rates{};
    rates[1] = ok * times;
    rates[4] = failed * times;
    series.class_rates[i] = rates;
    series.requests_per_second[i] = rates[1] + rates[4];
  }
  return series;
}

inline SeriesStats Named(std::string rule_name, double ok, std::string host = {}) {
  SeriesStats series = Series(rule_name, "GET", ok, 0);
  series.rule_name = std::move(rule_name);
  series.host = std::move(host);
  return series;
}

inline PodStats Pod(std::string name, double rate, std::string workload, PodLabels labels) {
  PodStats pod;
  pod.pod = std::move(name);
  pod.workload = std::move(workload);
  pod.labels = std::make_shared<const PodLabels>(std::move(labels));
  pod.state = ServiceState::kKnown;
  pod.age_s = 1;
  pod.all = Series("", "", rate, 0);
  pod.routes.push_back(Named("checkout", rate / 2));
  return pod;
}

inline WorkloadStats Workload(std::string name, double rate) {
  return {std::move(name), Series("", "", rate, 0), {Named("checkout", rate / 2)}};
}

inline ServiceStats Service(std::string name_space, std::string name,
                            std::vector<SeriesStats> series) {
  ServiceStats service;
  service.name_space = std::move(name_space);
  service.service = std::move(name);
  service.state = ServiceState::kKnown;
  service.age_s = 1;
  service.coverage = 1;
  service.window_end_s = kNow / 1000 - 3;
  double ok = 0;
  double failed = 0;
  for (const SeriesStats& one : series) {
    ok += (*one.class_rates[1])[1];
    failed += (*one.class_rates[1])[4];
  }
  service.all = Series("", "", ok, failed);
  service.series = std::move(series);
  return service;
}

// shop/web: three routes, pods of two workloads; shop/pay: one route that feeds a workload without
// pods.
struct MetricsWorld {
  MetricsWorld() {
    auto routes = RouteMatcher::Create(
        {{.name = "checkout", .path = "/checkout/**"},
         {.name = "idle", .path = "/idle"},
         {.name = "gate", .path = "/gate/**", .target = "deployments.apps/behind"}},
        "routes.yaml");
    REQUIRE(routes);
    snapshot.rules = std::make_shared<const RuleIndex>(*routes);
    snapshot.made_at_ms = kNow;
    snapshot.was_caught_up = true;
    snapshot.services.push_back(
        Service("shop", "pay", {Named("gate", 7), Named("checkout", 1, "pay.example.com")}));
    snapshot.services.push_back(
        Service("shop", "web",
                {Series("get-orders-id", "GET", 12.5, 0.5), Series("post-orders", "POST", 3, 0),
                 Named("checkout", 4)}));
    Web().pods = {Pod("web-1", 6, "deployments.apps/web", {{"app", "web"}, {"track", "stable"}}),
                  Pod("web-2", 10, "deployments.apps/web", {{"app", "web"}, {"track", "canary"}}),
                  Pod("batch-1", 4, "statefulsets.apps/batch", {{"app", "batch"}})};
    Web().workloads = {Workload("deployments.apps/web", 16),
                       Workload("statefulsets.apps/batch", 4)};
  }
  ServiceStats& Web() { return snapshot.services[1]; }

  HttpResponse Ask(const std::string& path, std::map<std::string, std::string> query = {}) const {
    const MetricsApi api(options, [this] { return std::make_shared<StatsSnapshot>(snapshot); });
    HttpRequest request;
    request.path = path;
    request.query = std::move(query);
    return api.Answer(request);
  }
  // "name=value ..." of the items, or "CODE message".
  std::string Items(const std::string& path, std::map<std::string, std::string> query = {}) const;
  std::string Selected(const std::string& selector) const {
    return Items(kCustom + "shop/services/web/http_requests_per_second",
                 {{"metricLabelSelector", selector}});
  }

  AggregatorOptions options;
  StatsSnapshot snapshot;
};

}  // namespace routerate
