// What the dashboard and `top` show: /overview?grep=checkout&sort=req/s_10s&limit=20.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "aggregator/stats_query.h"
#include "base/result.h"

namespace routerate {

// Each list as its own question of the same filter.
struct OverviewQuery {
  static constexpr std::size_t kMostRows = 1000;

  // The keys of /stats that choose rows: namespace service route method grep sort limit (of routes:
  // 1..1,000, 50 without it). Any other key or value fails with one line that says what is allowed.
  static Result<OverviewQuery> Parse(const std::map<std::string, std::string>& query);

  StatsQuery routes;
  StatsQuery services;             // of `namespace` and `service` alone
  std::optional<StatsQuery> pods;  // of the service, if one is asked for
};

}  // namespace routerate
