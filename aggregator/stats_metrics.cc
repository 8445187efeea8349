// Series by series_metrics.h, all else, which is little, by prometheus-cpp.
#include "aggregator/stats_metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <utility>
#include <vector>

#include "aggregator/family_metrics.h"
#include "aggregator/series_metrics.h"

namespace routerate {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily Count(std::string name, std::string help, std::uint64_t value) {
  return SingleFamily(std::move(name), std::move(help), MetricType::Counter,
                      static_cast<double>(value));
}

MetricFamily TargetRates(const StatsSnapshot& snapshot) {
  MetricFamily family{"routerate_target_requests_per_second",
                      "Rate of requests for a workload, counted where routes.yaml names it as "
                      "target; absent when not known.",
                      MetricType::Gauge,
                      {}};
  for (const TargetStats& target : snapshot.targets) {
    for (std::size_t i = 0; i < kWindows.size(); ++i) {
      if (!target.requests_per_second[i]) continue;
      AddValue(family,
               {{"namespace", target.name_space},
                {"target", target.target},
                {"window", std::string(kWindows[i].name)}},
               *target.requests_per_second[i]);
    }
  }
  return family;
}

MetricLabels LabelsOf(const ServiceStats& service) {
  return {{"namespace", service.name_space}, {"service", service.service}};
}

MetricFamily DataAge(const StatsSnapshot& snapshot) {
  MetricFamily family{"routerate_data_age_seconds",
                      "Time since the moment up to which a service's requests are known.",
                      MetricType::Gauge,
                      {}};
  for (const ServiceStats& service : snapshot.services) {
    if (!service.age_s) continue;
    AddValue(family, LabelsOf(service), *service.age_s);
  }
  return family;
}

MetricFamily Coverage(const StatsSnapshot& snapshot) {
  MetricFamily family{"routerate_coverage_ratio",
                      "The part of a service's recent traffic that comes from pods whose logs are "
                      "known; below min_coverage rates are withheld.",
                      MetricType::Gauge,
                      {}};
  for (const ServiceStats& service : snapshot.services) {
    AddValue(family, LabelsOf(service), service.coverage);
  }
  return family;
}

MetricFamily States(const StatsSnapshot& snapshot) {
  MetricFamily family{"routerate_service_state",
                      "1 for the state that a service is in: known, warming, unknown, gone.",
                      MetricType::Gauge,
                      {}};
  for (const ServiceStats& service : snapshot.services) {
    for (const ServiceState state : kServiceStates) {
      MetricLabels labels = LabelsOf(service);
      labels.push_back({"state", std::string(ServiceStateName(state))});
      AddValue(family, std::move(labels), state == service.state ? 1 : 0);
    }
  }
  return family;
}

void AddRecordHealth(const OwnHealth& health, std::vector<MetricFamily>* out) {
  MetricFamily records{
      "routerate_aggregator_records_total", "Records taken from Kafka.", MetricType::Counter, {}};
  for (std::size_t kind = 0; kind < kRecordKindCount; ++kind) {
    AddValue(records, {{"kind", std::string(RecordKindName(kind))}},
             static_cast<double>(health.records[kind]));
  }
  MetricFamily rejected{"routerate_aggregator_rejected_records_total",
                        "Records skipped because they are not understood.",
                        MetricType::Counter,
                        {}};
  for (std::size_t reason = 0; reason < kRejectionCount; ++reason) {
    AddValue(rejected, {{"reason", std::string(RejectionName(reason))}},
             static_cast<double>(health.rejected_records[reason]));
  }
  out->push_back(std::move(records));
  out->push_back(std::move(rejected));
}

void AddCountsHealth(const OwnHealth& health, std::vector<MetricFamily>* out) {
  MetricFamily rejected{"routerate_aggregator_rejected_counts_total",
                        "Records of the counts topic that are not understood, skipped.",
                        MetricType::Counter,
                        {}};
  for (std::size_t reason = 0; reason < kCountRecordErrorCount; ++reason) {
    AddValue(rejected, {{"reason", std::string(CountRecordErrorName(reason))}},
             static_cast<double>(health.rejected_counts[reason]));
  }
  out->push_back(std::move(rejected));
  out->push_back(Count("routerate_aggregator_ignored_counts_total",
                       "Records of the counts topic that do not begin where the last one ended.",
                       health.ignored_counts));
}

void AddEventHealth(const OwnHealth& health, std::vector<MetricFamily>* out) {
  out->push_back(Count("routerate_aggregator_events_total", "Events counted.", health.events));
  out->push_back(Count("routerate_aggregator_rejected_events_total",
                       "Lines of records that are no event and no row, skipped.",
                       health.rejected_events));
  out->push_back(Count("routerate_aggregator_rejected_requests_total",
                       "Requests of summaries that overlap what was counted, skipped.",
                       health.rejected_requests));
  out->push_back(Count("routerate_aggregator_duplicates_total",
                       "Events dropped because they were counted before.", health.duplicates));
  out->push_back(Count("routerate_aggregator_late_total",
                       "Events older than their source's watermark less lateness.", health.late));
  out->push_back(Count("routerate_aggregator_too_old_total",
                       "Events older than every window, counted in totals only.", health.too_old));
  out->push_back(Count("routerate_aggregator_future_total",
                       "Events from a clock that is ahead, counted in totals only.",
                       health.future));
  out->push_back(Count("routerate_aggregator_overflow_total",
                       "Events counted as route other, over max_routes or max_series.",
                       health.overflow));
}

void AddConsumption(const StatsSnapshot& snapshot, std::vector<MetricFamily>* out) {
  MetricFamily lag{"routerate_aggregator_lag_records",
                   "Records in an assigned partition that were not read yet.",
                   MetricType::Gauge,
                   {}};
  for (const auto& [partition, records] : snapshot.source.lag) {
    AddValue(lag, {{"partition", std::to_string(partition)}}, static_cast<double>(records));
  }
  out->push_back(std::move(lag));
  out->push_back(Count("routerate_aggregator_missing_records_total",
                       "Records that the broker had dropped before they were read.",
                       snapshot.source.missing));
  out->push_back(SingleFamily("routerate_aggregator_partitions_behind",
                              "Assigned partitions not yet read to their end; rates are withheld.",
                              MetricType::Gauge,
                              static_cast<double>(snapshot.partitions_behind.size())));
  out->push_back(SingleFamily("routerate_aggregator_series", "Series held, against max_series.",
                              MetricType::Gauge, static_cast<double>(snapshot.series_count)));
  out->push_back(SingleFamily("routerate_aggregator_pod_series",
                              "Series of pods by route held, against max_series.",
                              MetricType::Gauge, static_cast<double>(snapshot.pod_series_count)));
}

}  // namespace

std::string StatsMetrics(const StatsSnapshot& snapshot, PodMetrics pods) {
  std::string out;
  AppendSeriesMetrics(snapshot, pods, &out);
  std::vector<MetricFamily> families;
  families.push_back(TargetRates(snapshot));
  families.push_back(DataAge(snapshot));
  families.push_back(Coverage(snapshot));
  families.push_back(States(snapshot));
  AddRecordHealth(snapshot.health, &families);
  AddCountsHealth(snapshot.health, &families);
  AddEventHealth(snapshot.health, &families);
  AddConsumption(snapshot, &families);
  // A family without a metric would be a header without a line.
  std::erase_if(families, [](const MetricFamily& family) { return family.metric.empty(); });
  out += prometheus::TextSerializer().Serialize(families);
  return out;
}

}  // namespace routerate
