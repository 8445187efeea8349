// Rows of the statistics, each with what only an overview tells.
#include "aggregator/overview_json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "aggregator/row_json.h"
#include "aggregator/service_time.h"

namespace routerate {
namespace {

namespace json = boost::json;

json::value OrNull(const std::optional<double>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

std::optional<double> ErrorShare(const SeriesStats& series) {
  const auto& all = series.requests_per_second[kMinuteWindow];
  const auto errors = series.ErrorsPerSecond(kMinuteWindow);
  if (!errors || all.value_or(0) <= 0) return {};
  return *errors / *all;
}

json::object RowObject(const StatsRow& row) {
  json::object object = RowJson(row);
  object["error_share"] = OrNull(ErrorShare(*row.series));
  return object;
}

json::object PodStates(const ServiceStats& service) {
  json::object object;
  for (const ServiceState state : kServiceStates) {
    object[ServiceStateName(state)] = std::ranges::count(service.pods, state, &PodStats::state);
  }
  return object;
}

json::object ServiceObject(const StatsRow& row) {
  json::object object = RowObject(row);
  object["coverage"] = row.service->coverage;
  object["routes"] = row.service->series.size();
  object["pods"] = PodStates(*row.service);
  return object;
}

json::array Objects(const std::vector<StatsRow>& rows, json::object (*object)(const StatsRow&)) {
  json::array array;
  for (const StatsRow& row : rows) array.push_back(object(row));
  return array;
}

json::value LagOf(const SourceStatus& source) {
  if (source.lag.empty()) return nullptr;
  std::int64_t sum = 0;
  for (const auto& [partition, records] : source.lag) sum += records;
  return sum;
}

json::object PipelineObject(const StatsSnapshot& snapshot) {
  const OwnHealth& health = snapshot.health;
  return {{"ready", snapshot.was_caught_up},
          {"trouble", snapshot.source.trouble},
          {"partitions", snapshot.source.lag.size()},
          {"partitions_behind", snapshot.partitions_behind.size()},
          {"lag_records", LagOf(snapshot.source)},
          {"missing_records", snapshot.source.missing},
          {"events", health.events},
          {"duplicates", health.duplicates},
          {"late", health.late},
          {"too_old", health.too_old},
          {"future", health.future},
          {"overflow", health.overflow},
          {"rejected_events", health.rejected_events},
          {"rejected_requests", health.rejected_requests},
          {"rejected_records", health.RecordsRejected()},
          {"series", snapshot.series_count}};
}

}  // namespace

std::string OverviewJson(const OverviewQuery& query, const StatsSnapshot& snapshot) {
  std::size_t matching = 0;
  const auto routes = query.routes.Rows(snapshot, &matching);
  json::object object{{"time_ms", snapshot.made_at_ms},
                      {"version", ROUTERATE_VERSION},
                      {"pipeline", PipelineObject(snapshot)},
                      {"services", Objects(query.services.Rows(snapshot), ServiceObject)},
                      {"routes", Objects(routes, RowObject)},
                      {"matching", matching}};
  if (query.pods) object["pods"] = Objects(query.pods->Rows(snapshot), RowObject);
  return json::serialize(object);
}

}  // namespace routerate
