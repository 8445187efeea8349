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

constexpr std::array<StatsColumn, 21> kColumns = {{
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
    {"age_s", [](const StatsRow& row) { return OrNothing(row.service->age_s); }, 1},
    {"total", [](const StatsRow& row) { return StatsValue(row.series->total); }, 0},
    {"1xx", Requests<CodeClass::k1xx>, 0, ColumnPlace::kJsonOnly},
    {"unknown", Requests<CodeClass::kUnknown>, 0, ColumnPlace::kJsonOnly},
    {"route_id", [](const StatsRow& row) { return Text(row.series->route_id); }, 0,
     ColumnPlace::kJsonOnly},
    {"state", [](const StatsRow& row) { return StatsValue(ServiceStateName(row.service->state)); },
     0, ColumnPlace::kJsonOnly},
}};

}  // namespace

std::span<const StatsColumn> StatsColumns() { return kColumns; }

}  // namespace routerate
