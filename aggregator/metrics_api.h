// custom.metrics.k8s.io/v1beta1 and v1beta2 and external.metrics.k8s.io/v1beta1: what a
// HorizontalPodAutoscaler reads, by way of kube-apiserver.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "aggregator/aggregator_options.h"
#include "aggregator/metric_question.h"
#include "aggregator/stats_snapshot.h"
#include "base/http_server.h"

namespace routerate {

// Who may ask is for others to judge (api_server.h). Any thread, as far as `latest` allows it.
class MetricsApi {
 public:
  // Gives the newest snapshot, or what of it may still be shown.

  // Borrows the options.
  MetricsApi(const AggregatorOptions& options, LatestSnapshot latest);

  // Always JSON, whatever is accepted: every client of these APIs takes it.
  HttpResponse Answer(const HttpRequest& request) const;

 private:
  HttpResponse AnswerApis(std::span<const std::string_view> parts,
                          const HttpRequest& request) const;
  HttpResponse AnswerMetric(MetricsApiVersion version, std::span<const std::string_view> rest,
                            const HttpRequest& request) const;

  const AggregatorOptions& options_;
  LatestSnapshot latest_;
};

}  // namespace routerate
