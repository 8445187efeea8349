// Remembers the routes of recent requests, so that most requests cost one hash and one comparison.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/route_conditions.h"

namespace routerate {

// A table of fixed size, kWays places for each value of the hash's low bits; a full set gives up
// the entry that was used longest ago. Entries are compared whole: a collision costs time, never a
// wrong answer. Memory: at most `entries` × (~120 + 2 × kMaxPathBytes) bytes. Finding allocates
// nothing. Not thread-safe.
class RouteMemo {
 public:
  // Longer paths are not remembered: they are rare, or hostile.
  static constexpr std::size_t kMaxPathBytes = 256;

  struct Entry {
    std::string path;  // as sent
    RequestCondition condition;
    int rule = -1;          // -1: automatic template
    std::string automatic;  // the template
    std::uint64_t used = 0;
  };

  // `entries` is a power of two, at least kWays.
  explicit RouteMemo(std::size_t entries);

  // What is remembered; nullptr: nothing. Valid until the next Place.
  const Entry* Find(RequestCondition condition, std::string_view path);
  // An entry for this key, which was not found, whose result the caller fills in now.
  Entry* Place(RequestCondition condition, std::string_view path);

 private:
  static constexpr std::size_t kWays = 8;
  using Tags = std::array<std::uint64_t, kWays>;  // hashes; 0: free

  std::size_t sets_;
  std::vector<Tags> tags_;
  std::vector<Entry> entries_;  // kWays a set
  std::uint64_t clock_ = 0;
};

}  // namespace routerate
