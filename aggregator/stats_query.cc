// Query string → filter, order and limit over a snapshot's rows.
#include "aggregator/stats_query.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <tuple>
#include <utility>

#include "aggregator/stats_text.h"
#include "base/one_line.h"

namespace routerate {
namespace {

constexpr std::size_t kMostRows = 1'000'000;
constexpr std::size_t kLongestWatchSeconds = 60;
constexpr std::size_t kLongestPattern = 1'000;    // bytes
constexpr std::int64_t kPatternMemory = 1 << 20;  // bytes; then RE2 refuses, or searches slower
constexpr std::string_view kAllowedKeys =
    "by, colour, format, grep, limit, method, namespace, route, service, sort, watch";
// Each in the order of its enumeration.
constexpr std::array<std::string_view, 3> kBy = {"route", "service", "pod"};
constexpr std::array<std::string_view, 5> kFormats = {"text", "json", "csv", "ndjson", "prom"};
constexpr std::array<std::string_view, 2> kColours = {"0", "1"};

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

template <typename Enum>
Result<void> Choose(std::string_view key, const std::string& value,
                    std::span<const std::string_view> names, Enum* chosen) {
  const auto at = std::ranges::find(names, value);
  if (at == names.end()) {
    return Fail(fmt::format("{} '{}' is not one of {}", key, value, fmt::join(names, ", ")));
  }
  *chosen = static_cast<Enum>(at - names.begin());
  return {};
}

Result<std::size_t> NumberUpTo(std::string_view key, const std::string& value, std::size_t most) {
  std::size_t number = 0;
  const char* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, number);
  if (parsed.ec == std::errc{} && parsed.ptr == end && number >= 1 && number <= most) return number;
  return Fail(fmt::format("{} '{}' is not a number from 1 to {}", key, value, most));
}

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
    if (auto set = parsed.Set(key, value); !set) return Fail(OneLine(set.error().message));
  }
  if (auto fits = parsed.Check(); !fits) return std::unexpected(std::move(fits.error()));
  return parsed;
}

Result<void> StatsQuery::Check() const {
  if (by_ == StatsBy::kService && AsksForRoutes()) {
    return Fail("by=service has no routes and methods; ask by=route or by=pod");
  }
  if (watch_ && format_ != StatsFormat::kText && format_ != StatsFormat::kNdjson) {
    return Fail("watch is for format=text and format=ndjson, whose answers can go on");
  }
  if (colour_ == StatsColour::kAnsi && format_ != StatsFormat::kText) {
    return Fail("colour=1 is for format=text");
  }
  return {};
}

Result<void> StatsQuery::Set(const std::string& key, const std::string& value) {
  if (key == "namespace" || key == "service" || key == "route" || key == "method") {
    exactly_[key] = key == "method" && value == "-" ? "" : value;
  } else if (key == "format") {
    return Choose(key, value, kFormats, &format_);
  } else if (key == "by") {
    return Choose(key, value, kBy, &by_);
  } else if (key == "colour") {
    return Choose(key, value, kColours, &colour_);
  } else if (key == "grep") {
    return SetPattern(value);
  } else if (key == "sort") {
    sort_ = FindColumn(value);
    if (!sort_) return Fail(fmt::format("sort '{}' is not one of {}", value, ColumnNames()));
  } else if (key == "limit") {
    const auto rows = NumberUpTo(key, value, kMostRows);
    if (!rows) return Fail(rows.error().message);
    limit_ = *rows;
  } else if (key == "watch") {
    const auto seconds = NumberUpTo(key, value, kLongestWatchSeconds);
    if (!seconds) return Fail(seconds.error().message);
    watch_ = std::chrono::seconds(*seconds);
  } else {
    return Fail(fmt::format("unknown key '{}'; allowed are {}", key, kAllowedKeys));
  }
  return {};
}

Result<void> StatsQuery::SetPattern(const std::string& pattern) {
  if (pattern.size() > kLongestPattern) {
    return Fail(fmt::format("grep is longer than {} bytes", kLongestPattern));
  }
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_max_mem(kPatternMemory);
  grep_ = std::make_unique<re2::RE2>(pattern, options);
  if (!grep_->ok()) return Fail(fmt::format("grep '{}': {}", pattern, grep_->error()));
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
         is("method", row.series->method);
}

void StatsQuery::Grep(std::vector<StatsRow>* rows) const {
  const std::vector<const StatsColumn*> columns = TextColumns(by_);
  std::string line;
  std::erase_if(*rows, [&](const StatsRow& row) {
    line.clear();
    AppendPlainStatsLine(row, columns, &line);
    return !re2::RE2::PartialMatch(line, *grep_);
  });
}

std::vector<StatsRow> StatsQuery::Rows(const StatsSnapshot& snapshot, std::size_t* matching) const {
  std::vector<StatsRow> rows = AllRows(snapshot);
  std::erase_if(rows, [this](const StatsRow& row) { return !Wants(row); });
  if (grep_) Grep(&rows);
  if (matching != nullptr) *matching = rows.size();
  const std::size_t shown = std::min(rows.size(), limit_);
  std::ranges::partial_sort(rows, rows.begin() + static_cast<std::ptrdiff_t>(shown),
                            [this](const StatsRow& a, const StatsRow& b) {
                              const auto left = SortRank(sort_->value(a));
                              const auto right = SortRank(sort_->value(b));
                              return left != right ? left < right : Tie(a) < Tie(b);
                            });
  rows.resize(shown);
  return rows;
}

}  // namespace routerate
