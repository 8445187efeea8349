// The columns of /stats, one table for text, JSON and sorting. Their names and order are promised
// (DESIGN 5).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "aggregator/stats_snapshot.h"

namespace routerate {

// What a line of /stats is of.
enum class StatsBy { kRoute, kService, kPod };

// A line of /stats. Borrows the snapshot.
struct StatsRow {
  const ServiceStats* service;
  const SeriesStats* series;
  const PodStats* pod = nullptr;  // with StatsBy::kPod
};

// The age of what is known, and the state where it is not that all is known.
struct StatsAge {
  std::optional<double> seconds;
  ServiceState state;
};

// monostate: no value. A pointer is never null.
using StatsValue = std::variant<std::monostate, std::string_view, double, std::uint64_t, StatsAge,
                                const PodLabels*>;

// kOfPods: the last one in text, with StatsBy::kPod only.
enum class ColumnPlace { kEverywhere, kJsonOnly, kOfPods };

struct StatsColumn {
  std::string_view name;
  StatsValue (*value)(const StatsRow&);
  int decimals;  // of a double in text
  ColumnPlace place = ColumnPlace::kEverywhere;
};

std::span<const StatsColumn> StatsColumns();
// Those that are shown in text.
std::vector<const StatsColumn*> TextColumns(StatsBy by);

}  // namespace routerate
