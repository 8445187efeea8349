// malloc is asked before and after. Nothing else runs.
#include "bench/series_memory.h"

#include <fmt/format.h>
#include <malloc.h>

#include <cstdint>
#include <utility>

#include "bench/known_series.h"

namespace routerate::bench {
namespace {

constexpr std::size_t kSeries = 10'000;

// With what malloc itself adds to each piece.
std::size_t BytesGiven() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

std::string Row(std::string_view name, SeriesKind kind) {
  const auto records = CountRecordsOf(kind, kSeries);
  const std::size_t before = BytesGiven();
  const KnownSeries known(records);
  const std::size_t with_series = BytesGiven();
  const StatsSnapshot snapshot = known.Snapshot();
  const std::size_t with_snapshot = BytesGiven();
  return fmt::format("{:<8} {:>12} {:>17}\n", name, (with_series - before) / known.count(),
                     (with_snapshot - with_series) / known.count());
}

}  // namespace

std::string SeriesMemoryTable() {
  return fmt::format("{:<8} {:>12} {:>17}\n", "series", "bytes", "in_snapshot") +
         Row("idle", SeriesKind::kIdle) + Row("busy", SeriesKind::kBusy);
}

}  // namespace routerate::bench
