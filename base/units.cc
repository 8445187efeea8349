// Text to sizes and durations: a whole number, then a unit, nothing else.
#include "base/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <span>
#include <utility>

namespace routerate {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array kByteUnits = {
    Unit{"", 1},           Unit{"B", 1},      Unit{"KiB", 1U << 10}, Unit{"MiB", 1U << 20},
    Unit{"GiB", 1U << 30}, Unit{"KB", 1'000}, Unit{"MB", 1'000'000}, Unit{"GB", 1'000'000'000},
};
constexpr std::array kTimeUnits = {Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"m", 60'000},
                                   Unit{"h", 3'600'000}};

Result<std::uint64_t> ParseWithUnit(std::string_view text, std::span<const Unit> units,
                                    std::string_view expected) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{}) {
    const std::string_view suffix = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const Unit& unit : units) {
      if (suffix != unit.name) continue;
      if (number > std::numeric_limits<std::int64_t>::max() / unit.factor) break;
      return number * unit.factor;
    }
  }
  return Fail(fmt::format("'{}' is not {}", text, expected));
}

// `units` from the smallest on.
std::string Show(std::uint64_t number, std::span<const Unit> units) {
  const Unit* largest = &units.front();
  for (const Unit& unit : units) {
    if (number != 0 && number % unit.factor == 0) largest = &unit;
  }
  return fmt::format("{}{}", number / largest->factor, largest->name);
}

}  // namespace

Result<std::uint64_t> ParseBytes(std::string_view text) {
  return ParseWithUnit(text, kByteUnits, "a size such as 512KiB or 8MiB");
}

Result<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds{0};
  auto millis = ParseWithUnit(text, kTimeUnits, "a duration such as 250ms, 25s or 5m");
  if (!millis) return std::unexpected(std::move(millis.error()));
  return std::chrono::milliseconds{*millis};
}

std::string ShowBytes(std::uint64_t bytes) {
  return Show(bytes, std::span(kByteUnits).subspan(1, 4));
}

std::string ShowDuration(std::chrono::milliseconds duration) {
  return Show(static_cast<std::uint64_t>(duration.count()), kTimeUnits);
}

}  // namespace routerate
