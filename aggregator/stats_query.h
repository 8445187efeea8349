// What of the statistics is asked for: /stats?service=shop&sort=total&limit=20.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/stats_columns.h"
#include "base/clock.h"
#include "base/result.h"

namespace re2 {
class RE2;
}

namespace routerate {

enum class StatsFormat { kText, kJson, kCsv, kNdjson, kProm };
enum class StatsColour { kNone, kAnsi };

// One thread at a time.
class StatsQuery {
 public:
  // The keys of the query string:
  //   format=text|json|csv|ndjson|prom
  //   namespace= service= route= method=   exactly this; route is a route or a route_id; method
  //   "-":
  //                                        none
  //   by=route|service|pod   what a row is of. A service's row has all its requests, and so has a
  //                          pod's, unless a route or a method is asked for: then those of the
  //                          routes that routes.yaml names
  //   grep=RE2      rows whose line, columns joined by one space, matches somewhere; at most 1000
  //                 bytes
  //   sort=COLUMN   numbers from the greatest, texts from the least; without it: req/s_1m
  //   limit=N       1..1,000,000 rows
  //   watch=S       1..60: again and again each S seconds; text and ndjson only
  //   colour=0|1    1: with a terminal's escapes; text only
  // Any other key or value fails with one line that says what is allowed.
  static Result<StatsQuery> Parse(const std::map<std::string, std::string>& query);
  ~StatsQuery();
  StatsQuery(StatsQuery&&) noexcept;
  StatsQuery& operator=(StatsQuery&&) noexcept;

  StatsFormat format() const { return format_; }
  StatsBy by() const { return by_; }
  StatsColour colour() const { return colour_; }
  std::optional<Millis> watch() const { return watch_; }
  std::size_t limit() const { return limit_; }
  // The rows asked for, in order. They borrow the snapshot. `matching`, if it is asked for, is how
  // many they would be without limit=.
  std::vector<StatsRow> Rows(const StatsSnapshot& snapshot, std::size_t* matching = nullptr) const;

 private:
  StatsQuery();
  Result<void> Set(const std::string& key, const std::string& value);
  Result<void> SetPattern(const std::string& pattern);
  Result<void> Check() const;
  bool AsksForRoutes() const { return exactly_.contains("route") || exactly_.contains("method"); }
  std::vector<StatsRow> AllRows(const StatsSnapshot& snapshot) const;
  bool Wants(const StatsRow& row) const;  // but for grep=
  void Grep(std::vector<StatsRow>* rows) const;

  StatsFormat format_ = StatsFormat::kText;
  StatsBy by_ = StatsBy::kRoute;
  StatsColour colour_ = StatsColour::kNone;
  std::optional<Millis> watch_;
  std::map<std::string, std::string> exactly_;  // namespace, service, route, method
  std::unique_ptr<re2::RE2> grep_;              // null: every row
  const StatsColumn* sort_;
  std::size_t limit_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace routerate
