// Numbers are as short as they are exact: three digits.
#include "aggregator/history_page.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/overview_query.h"

namespace routerate {
namespace {

namespace json = boost::json;
using Value = std::optional<double> HistoryPoint::*;

void AppendNumbers(std::string_view name, const std::vector<HistoryPoint>& points, Value value,
                   std::string* out) {
  *out += fmt::format(",\"{}\":[", name);
  for (const HistoryPoint& point : points) {
    *out += point.*value ? fmt::format("{:.3g},", *(point.*value)) : "null,";
  }
  out->back() = ']';
}

std::string SeriesObject(const StatsRow& row, const std::vector<HistoryPoint>& points) {
  const json::object names{{"namespace", row.service->name_space},
                           {"service", row.service->service},
                           {"route", row.series->route},
                           {"route_id", row.series->route_id},
                           {"method", row.series->method}};
  std::string out = json::serialize(names);
  out.pop_back();
  AppendNumbers("req/s", points, &HistoryPoint::requests_per_second, &out);
  AppendNumbers("5xx/s", points, &HistoryPoint::errors_per_second, &out);
  AppendNumbers("p95_ms", points, &HistoryPoint::p95_ms, &out);
  return out + "}";
}

// As the overview's, but for by=.
Result<StatsQuery> Asked(std::map<std::string, std::string> query) {
  const auto by = query.extract("by");
  auto overview = OverviewQuery::Parse(query);
  if (!overview) return std::unexpected(std::move(overview.error()));
  if (by.empty() || by.mapped() == "route") return std::move(overview->routes);
  if (by.mapped() == "service") return std::move(overview->services);
  return Fail(fmt::format("by '{}' is not one of route, service", by.mapped()));
}

}  // namespace

HttpResponse HistoryPage(const HttpRequest& request, const StatsSnapshot& snapshot,
                         const RecentHistory& history) {
  const auto query = Asked(request.query);
  if (!query) return Refusal(400, query.error().message);
  const std::int64_t last_step = history.last_step();
  std::string body =
      fmt::format("{{\"end_ms\":{},\"step_ms\":{},\"series\":[",
                  last_step * RecentHistory::kStep.count(), RecentHistory::kStep.count());
  bool first = true;
  for (const StatsRow& row : query->Rows(snapshot)) {
    if (!std::exchange(first, false)) body += ",\n";
    body += SeriesObject(row, history.Of(row, last_step));
  }
  return {.content_type = "application/json", .body = body + "]}\n"};
}

}  // namespace routerate
