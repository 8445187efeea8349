// Dates as they are written in paths.
#pragma once

#include <cstddef>
#include <string_view>

namespace routerate {

// Length of the date that `text` begins with; 0: none. Years 1900 to 2099, '-', '_' or '.' between:
//
//   2026-11-22   22-11-2026   11-22-2026   22-Nov-2026   Nov-22-2026   2026-Nov-22   22Nov2026
//   2026-W47   2026-W47-7   2026-Q4   20261122T102030Z
//
// A time may follow the day: T10, T10:20:30.5+08:00, T102030Z; behind '_', '-', '+' or %20 at least
// hours and minutes. No letter, digit or placeholder may follow. 2026-11 and 20261122 are numbers.
std::size_t DateLength(std::string_view text);

}  // namespace routerate
