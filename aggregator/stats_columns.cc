// Each column is a name and how to read it off a row.
#include "aggregator/stats_columns.h"

#include <array>
#include <optional>

namespace routerate {
namespace {

StatsValue OrNothing(const std::optional<double>& value) {
  return value ? StatsValue(*value) : StatsValue();
}

template <std::size_t kWindow>
StatsValue Rate(const StatsRow& row) {
  return OrNothing(row.series->requests_per_second[kWindow]);
}

template <CodeClass kClass>
StatsValue Requests(const StatsRow& row) {
  return row.series->requests[static_cast<std::size_t>(kClass)];
}

template <double LatencyQuantiles::*kQuantile>
StatsValue Latency(const StatsRow& row) {
  const auto& quantiles = row.series->quantiles;
  return quantiles ? StatsValue(*quantiles.*kQuantile) : StatsValue();
}

StatsValue Text(const std::string& text) { return std::string_view(text); }

StatsValue Age(const StatsRow& row) {
  return row.pod == nullptr ? StatsAge{row.service->age_s, row.service->state}
                            : StatsAge{row.pod->age_s, row.pod->state};
}

StatsValue State(const StatsRow& row) {
  return ServiceStateName(row.pod == nullptr ? row.service->state : row.pod->state);
}

StatsValue Pod(const StatsRow& row) {
  return row.pod == nullptr ? StatsValue() : Text(row.pod->pod);
}

StatsValue Workload(const StatsRow& row) {
  return row.pod == nullptr || row.pod->workload.empty() ? StatsValue() : Text(row.pod->workload);
}

StatsValue Labels(const StatsRow& row) {
  return row.pod == nullptr || row.pod->labels == nullptr ? StatsValue() : row.pod->labels.get();
}

constexpr std::array<StatsColumn, 24> kColumns = {{
    {"namespace", [](const StatsRow& row) { return Text(row.service->name_space); }, 0},
    {"service", [](const StatsRow& row) { return Text(row.service->service); }, 0},
    {"route", [](const StatsRow& row) { return Text(row.series->route); }, 0},
    {"method", [](const StatsRow& row) { return Text(row.series->method); }, 0},
    {"req/s_10s", Rate<0>, 2},
    {"req/s_1m", Rate<1>, 2},
    {"req/s_5m", Rate<2>, 2},
    {"2xx", Requests<CodeClass::k2xx>, 0},
    {"3xx", Requests<CodeClass::k3xx>, 0},
    {"4xx", Requests<CodeClass::k4xx>, 0},
    {"5xx", Requests<CodeClass::k5xx>, 0},
    {"p50_ms", Latency<&LatencyQuantiles::p50_ms>, 1},
    {"p95_ms", Latency<&LatencyQuantiles::p95_ms>, 1},
    {"p99_ms", Latency<&LatencyQuantiles::p99_ms>, 1},
    {"bytes/s", [](const StatsRow& row) { return OrNothing(row.series->bytes_per_second); }, 0},
    {"age_s", Age, 1},
    {"total", [](const StatsRow& row) { return StatsValue(row.series->total); }, 0},
    {"1xx", Requests<CodeClass::k1xx>, 0, ColumnPlace::kJsonOnly},
    {"unknown", Requests<CodeClass::kUnknown>, 0, ColumnPlace::kJsonOnly},
    {"route_id", [](const StatsRow& row) { return Text(row.series->route_id); }, 0,
     ColumnPlace::kJsonOnly},
    {"state", State, 0, ColumnPlace::kJsonOnly},
    {"workload", Workload, 0, ColumnPlace::kJsonOnly},
    {"labels", Labels, 0, ColumnPlace::kJsonOnly},
    {"pod", Pod, 0, ColumnPlace::kOfPods},
}};

}  // namespace

std::span<const StatsColumn> StatsColumns() { return kColumns; }

std::vector<const StatsColumn*> TextColumns(StatsBy by) {
  std::vector<const StatsColumn*> columns;
  columns.reserve(kColumns.size());
  for (const StatsColumn& column : kColumns) {
    const bool of_pods = column.place == ColumnPlace::kOfPods && by == StatsBy::kPod;
    if (column.place == ColumnPlace::kEverywhere || of_pods) columns.push_back(&column);
  }
  return columns;
}

}  // namespace routerate
