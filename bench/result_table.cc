// A ratio is of two medians of one run, or of two minima: on a busy machine the latter moves less.
#include "bench/result_table.h"

#include <fmt/format.h>

namespace routerate::bench {
namespace {

constexpr std::string_view kRow =
    "{:<40} {:>8} {:>8} {:>7} {:>11} {:>6} {:>6}  {:<32} {:>7} {:>10}\n";

// `name` is a workload's, or what several of them share before a '-'.
const Measured* FastestOf(const std::string& name, const std::vector<Measured>& results) {
  const Measured* fastest = nullptr;
  for (const Measured& result : results) {
    if (result.name != name && !result.name.starts_with(name + "-")) continue;
    if (fastest == nullptr || result.median_ns < fastest->median_ns) fastest = &result;
  }
  return fastest;
}

std::string Ratio(const Measured& result, const Measured* baseline, double Measured::*time) {
  return baseline == nullptr ? "-" : fmt::format("{:.2f}", result.*time / baseline->*time);
}

std::string Row(const Measured& result, const std::vector<Measured>& results) {
  const Measured* baseline = FastestOf(result.baseline, results);
  const bool has_bytes = result.bytes_per_line > 0;
  return fmt::format(
      kRow, result.name, fmt::format("{:.1f}", result.median_ns),
      fmt::format("{:.1f}", result.min_ns),
      has_bytes ? fmt::format("{:.2f}", result.bytes_per_line / result.median_ns) : "-",
      fmt::format("{:.4f}", result.allocations), Ratio(result, baseline, &Measured::median_ns),
      Ratio(result, baseline, &Measured::min_ns), baseline == nullptr ? "-" : baseline->name,
      result.lines, has_bytes ? fmt::format("{:.1f}", result.bytes_per_line) : "-");
}

}  // namespace

std::string ResultTable(const std::vector<Measured>& results) {
  std::string table = fmt::format(kRow, "workload", "ns/line", "min", "GB/s", "allocs/line",
                                  "ratio", "of_min", "baseline", "lines", "bytes/line");
  for (const Measured& result : results) table += Row(result, results);
  return table;
}

}  // namespace routerate::bench
