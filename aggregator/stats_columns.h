// The columns of /stats, one table for text, JSON and sorting. Their names and order are promised
// (DESIGN 5).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "aggregator/stats_snapshot.h"

namespace routerate {

// A line of /stats. Borrows the snapshot.
struct StatsRow {
  const ServiceStats* service;
  const SeriesStats* series;
};

// monostate: no value.
using StatsValue = std::variant<std::monostate, std::string_view, double, std::uint64_t>;

enum class ColumnPlace { kEverywhere, kJsonOnly };

struct StatsColumn {
  std::string_view name;
  StatsValue (*value)(const StatsRow&);
  int decimals;  // of a double in text
  ColumnPlace place = ColumnPlace::kEverywhere;
};

std::span<const StatsColumn> StatsColumns();

}  // namespace routerate
