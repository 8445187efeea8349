// Query string → filter, order and limit over a snapshot's rows.
#include "aggregator/stats_query.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>
#include <utility>

#include "aggregator/stats_text.h"

namespace routerate {
namespace {

constexpr std::size_t kMostRows = 1'000'000;
constexpr std::string_view kKeys =
    "by, format, grep, limit, method, namespace, route, service, sort";

const StatsColumn* FindColumn(std::string_view name) {
  for (const StatsColumn& column : StatsColumns()) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

std::string ColumnNames() {
  std::string names;
  for (const StatsColumn& column : StatsColumns()) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", column.name);
  }
  return names;
}

// Rank of a value when sorted: numbers from the greatest, then no value; texts from the least.
std::tuple<int, double, std::string_view> SortRank(const StatsValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return {0, 0, *text};
  if (const auto* number = std::get_if<double>(&value)) return {0, -*number, {}};
  if (const auto* count = std::get_if<std::uint64_t>(&value)) {
    return {0, -static_cast<double>(*count), {}};
  }
  const auto* age = std::get_if<StatsAge>(&value);
  if (age != nullptr && age->seconds) return {0, -*age->seconds, {}};
  return {1, 0, {}};
}

constexpr std::array<std::string_view, 3> kBy = {"route", "service", "pod"};

void AddPod(const ServiceStats& service, const PodStats& pod, bool routes,
            std::vector<StatsRow>* rows) {
  if (!routes) rows->push_back({&service, &pod.all, &pod});
  for (const SeriesStats& series : pod.routes) {
    if (routes) rows->push_back({&service, &series, &pod});
  }
}

auto Tie(const StatsRow& row) {
  return std::tuple(~row.series->total, std::string_view(row.service->name_space),
                    std::string_view(row.service->service), std::string_view(row.series->route),
                    std::string_view(row.series->method), std::string_view(row.series->route_id),
                    row.pod == nullptr ? std::string_view() : std::string_view(row.pod->pod));
}

}  // namespace

StatsQuery::StatsQuery() : sort_(FindColumn("req/s_1m")) {}
StatsQuery::~StatsQuery() = default;
StatsQuery::StatsQuery(StatsQuery&&) noexcept = default;
StatsQuery& StatsQuery::operator=(StatsQuery&&) noexcept = default;

Result<StatsQuery> StatsQuery::Parse(const std::map<std::string, std::string>& query) {
  StatsQuery parsed;
  for (const auto& [key, value] : query) {
    if (auto set = parsed.Set(key, value); !set) return std::unexpected(std::move(set.error()));
  }
  if (auto fits = parsed.Check(); !fits) return std::unexpected(std::move(fits.error()));
  return parsed;
}

Result<void> StatsQuery::Check() const {
  if (by_ != StatsBy::kService || !AsksForRoutes()) return {};
  return Fail("by=service has no routes and methods; ask by=route or by=pod");
}

Result<void> StatsQuery::Set(const std::string& key, const std::string& value) {
  if (key == "namespace" || key == "service" || key == "route" || key == "method") {
    exactly_[key] = key == "method" && value == "-" ? "" : value;
  } else if (key == "format") {
    if (value != "text" && value != "json") {
      return Fail(fmt::format("format '{}' is not one of text, json", value));
    }
    format_ = value == "json" ? StatsFormat::kJson : StatsFormat::kText;
  } else if (key == "by") {
    const auto at = std::ranges::find(kBy, value);
    if (at == kBy.end())
      return Fail(fmt::format("by '{}' is not one of route, service, pod", value));
    by_ = static_cast<StatsBy>(at - kBy.begin());
  } else if (key == "grep") {
    grep_ = std::make_unique<re2::RE2>(value, re2::RE2::Quiet);
    if (!grep_->ok()) return Fail(fmt::format("grep '{}': {}", value, grep_->error()));
  } else if (key == "sort") {
    sort_ = FindColumn(value);
    if (!sort_) return Fail(fmt::format("sort '{}' is not one of {}", value, ColumnNames()));
  } else if (key == "limit") {
    const char* end = value.data() + value.size();
    const auto parsed = std::from_chars(value.data(), end, limit_);
    if (parsed.ec != std::errc{} || parsed.ptr != end || limit_ < 1 || limit_ > kMostRows) {
      return Fail(fmt::format("limit '{}' is not a number from 1 to {}", value, kMostRows));
    }
  } else {
    return Fail(fmt::format("unknown key '{}'; allowed are {}", key, kKeys));
  }
  return {};
}

std::vector<StatsRow> StatsQuery::AllRows(const StatsSnapshot& snapshot) const {
  std::vector<StatsRow> rows;
  for (const ServiceStats& service : snapshot.services) {
    if (by_ == StatsBy::kService) rows.push_back({&service, &service.all});
    if (by_ == StatsBy::kPod) {
      for (const PodStats& pod : service.pods) AddPod(service, pod, AsksForRoutes(), &rows);
    }
    if (by_ != StatsBy::kRoute) continue;
    for (const SeriesStats& series : service.series) rows.push_back({&service, &series});
  }
  return rows;
}

bool StatsQuery::Wants(const StatsRow& row) const {
  const auto is = [this](const char* key, std::string_view value) {
    const auto wanted = exactly_.find(key);
    return wanted == exactly_.end() || wanted->second == value;
  };
  return is("namespace", row.service->name_space) && is("service", row.service->service) &&
         (is("route", row.series->route) || is("route", row.series->route_id)) &&
         is("method", row.series->method) &&
         (!grep_ || re2::RE2::PartialMatch(PlainStatsLine(row, by_), *grep_));
}

std::vector<StatsRow> StatsQuery::Rows(const StatsSnapshot& snapshot) const {
  std::vector<StatsRow> rows = AllRows(snapshot);
  std::erase_if(rows, [this](const StatsRow& row) { return !Wants(row); });
  std::ranges::sort(rows, [this](const StatsRow& a, const StatsRow& b) {
    const auto left = SortRank(sort_->value(a));
    const auto right = SortRank(sort_->value(b));
    return left != right ? left < right : Tie(a) < Tie(b);
  });
  rows.resize(std::min(rows.size(), limit_));
  return rows;
}

}  // namespace routerate
