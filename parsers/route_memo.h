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
// wrong answer. Memory: at most `entries` × (~90 + kMaxPathBytes + kMaxTemplateBytes) bytes.
// Finding allocates nothing. Not thread-safe.
class RouteMemo {
 public:
  // Longer paths are not remembered: they are rare, or hostile.
  static constexpr std::size_t kMaxPathBytes = 256;

  // What is remembered of a path: its rule, or its automatic template.
  class Entry {
   public:
    std::string_view path() const {
      return std::string_view(text_).substr(0, path_size_);
    }                                   // as sent
    int rule() const { return rule_; }  // -1: automatic
    std::string_view automatic() const { return std::string_view(text_).substr(path_size_); }

    void Set(int rule, std::string_view automatic) {
      rule_ = rule;
      text_.resize(path_size_);
      text_.append(automatic);
    }

   private:
    friend class RouteMemo;
    std::string text_;  // path and template, in one block of memory
    std::uint16_t path_size_ = 0;
    RequestCondition condition_;
    int rule_ = -1;
  };

  // `entries` is a power of two, at least kWays.
  explicit RouteMemo(std::size_t entries);

  // What is remembered; nullptr: nothing. Valid until the next Place.
  const Entry* Find(RequestCondition condition, std::string_view path);
  // An entry for this key, which was not found, whose result the caller sets now.
  Entry* Place(RequestCondition condition, std::string_view path);

 private:
  static constexpr std::size_t kWays = 8;

  // What is looked at to choose a place, apart from the entries: two lines of the cache.
  struct Places {
    std::array<std::uint64_t, kWays> hashes{};  // 0: free
    std::array<std::uint64_t, kWays> used{};    // by clock_
  };

  std::size_t sets_;
  std::vector<Places> places_;
  std::vector<Entry> entries_;  // kWays a set
  std::uint64_t clock_ = 0;
};

}  // namespace routerate
