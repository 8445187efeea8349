// A snapshot of the rows alone, so that names, labels and what is absent are those of /metrics.
#include "aggregator/stats_prom.h"

#include <utility>

#include "aggregator/series_metrics.h"

namespace routerate {
namespace {

PodStats PodOf(const StatsRow& row) {
  PodStats pod;
  pod.pod = row.pod->pod;
  pod.workload = row.pod->workload;
  if (row.series == &row.pod->all) {
    pod.all = *row.series;
  } else {
    pod.routes.push_back(*row.series);
  }
  return pod;
}

// What it does not have has no values, and so no samples.
ServiceStats ServiceOf(const StatsRow& row) {
  ServiceStats service;
  service.name_space = row.service->name_space;
  service.service = row.service->service;
  if (row.pod != nullptr) {
    service.pods.push_back(PodOf(row));
  } else if (row.series == &row.service->all) {
    service.all = *row.series;
  } else {
    service.series.push_back(*row.series);
  }
  return service;
}

}  // namespace

std::string StatsProm(std::span<const StatsRow> rows) {
  StatsSnapshot shown;
  shown.services.reserve(rows.size());
  for (const StatsRow& row : rows) shown.services.push_back(ServiceOf(row));
  std::string out;
  AppendSeriesMetrics(shown, PodMetrics::kAll, &out);
  return out;
}

}  // namespace routerate
