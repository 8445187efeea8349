// Sizes and durations as people write them in a configuration.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace routerate {

// "8MiB", "64KiB", "1GiB", "1MB" (10^6), "512" (bytes). Fails on anything else.
Result<std::uint64_t> ParseBytes(std::string_view text);

// "250ms", "25s", "1m", "2h". A unit is required, but for "0".
Result<std::chrono::milliseconds> ParseDuration(std::string_view text);

// In the greatest unit that makes it a whole number: "64KiB", "1m".
std::string ShowBytes(std::uint64_t bytes);
std::string ShowDuration(std::chrono::milliseconds duration);

}  // namespace routerate
