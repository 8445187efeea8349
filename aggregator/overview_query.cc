// Questions of /stats, made of one.
#include "aggregator/overview_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace routerate {
namespace {

using Keys = std::map<std::string, std::string>;

constexpr std::array<std::string_view, 7> kKeys = {"grep",  "limit",   "method", "namespace",
                                                   "route", "service", "sort"};
constexpr std::string_view kUsualLimit = "50";

Result<void> CheckKeys(const Keys& query) {
  for (const auto& [key, value] : query) {
    if (std::ranges::find(kKeys, key) != kKeys.end()) continue;
    return Fail(fmt::format("unknown key '{}'; allowed are {}", key, fmt::join(kKeys, ", ")));
  }
  return {};
}

// The same as the only keys that all lists have.
Keys OfService(const Keys& query, std::string_view by) {
  Keys keys{{"by", std::string(by)}, {"limit", std::to_string(OverviewQuery::kMostRows)}};
  for (const char* key : {"namespace", "service"}) {
    if (const auto found = query.find(key); found != query.end()) keys.insert(*found);
  }
  return keys;
}

Keys OfRoutes(Keys query) {
  query.try_emplace("limit", kUsualLimit);
  return query;
}

}  // namespace

Result<OverviewQuery> OverviewQuery::Parse(const Keys& query) {
  if (auto known = CheckKeys(query); !known) return std::unexpected(std::move(known.error()));
  auto routes = StatsQuery::Parse(OfRoutes(query));
  if (!routes) return std::unexpected(std::move(routes.error()));
  if (routes->limit() > kMostRows) {
    return Fail(fmt::format("limit '{}' is not a number from 1 to {}", routes->limit(), kMostRows));
  }
  auto services = StatsQuery::Parse(OfService(query, "service"));
  if (!services) return std::unexpected(std::move(services.error()));
  OverviewQuery parsed{std::move(*routes), std::move(*services), {}};
  if (query.contains("service")) {
    auto pods = StatsQuery::Parse(OfService(query, "pod"));
    if (!pods) return std::unexpected(std::move(pods.error()));
    parsed.pods = std::move(*pods);
  }
  return parsed;
}

}  // namespace routerate
