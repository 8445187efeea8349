// Remembers the routes of recent requests, so that most requests cost one hash and one comparison.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "parsers/path_template.h"
#include "parsers/route_conditions.h"

namespace routerate {

// A table of fixed size, kWays places for each value of the hash's low bits; a full set gives up
// the entry that was used longest ago. Entries are compared whole: a collision costs time, never a
// wrong answer. A table that may grow and has forgotten as many entries as it has places becomes
// twice as large, and begins anew. Memory: its entries × 136 bytes, and kMaxTextBytes more for each
// whose path and template are longer than kShortText together. Finding allocates nothing. Not
// thread-safe.
class RouteMemo {
 public:
  // Longer paths are not remembered: they are rare, or hostile.
  static constexpr std::size_t kMaxPathBytes = 256;

  // What is remembered of a path: its rule, or its automatic template.
  class Entry {
   public:
    std::string_view path() const { return {text(), path_size_}; }  // as sent
    int rule() const { return rule_; }                              // -1: automatic
    std::string_view automatic() const { return {text() + path_size_, automatic_size_}; }

   private:
    friend class RouteMemo;
    static constexpr std::size_t kShortText = 104;
    static constexpr std::size_t kMaxTextBytes = kMaxPathBytes + kMaxTemplateBytes;

    bool IsLong() const { return path_size_ + automatic_size_ > kShortText; }
    const char* text() const { return IsLong() ? long_text_.get() : short_text_.data(); }
    void Set(std::string_view path, std::string_view automatic);

    std::uint16_t path_size_ = 0;
    std::uint16_t automatic_size_ = 0;
    RequestCondition condition_;
    int rule_ = -1;
    std::array<char, kShortText> short_text_;  // path and template
    std::unique_ptr<char[]> long_text_;        // ... that do not fit there; kept for the next ones
  };

  // `entries` is a power of two, at least kWays.
  explicit RouteMemo(std::size_t entries);
  // Likewise.
  void GrowUpTo(std::size_t entries) { most_ = entries; }

  // What is remembered; nullptr: nothing. Valid until the next Remember.
  const Entry* Find(RequestCondition condition, std::string_view path);
  // A key that was not found. `automatic` is at most kMaxTemplateBytes; none for a rule.
  void Remember(RequestCondition condition, std::string_view path, int rule,
                std::string_view automatic);

 private:
  static constexpr std::size_t kWays = 8;

  // What is looked at to choose a place, apart from the entries: one line of the cache.
  struct alignas(64) Places {
    std::array<std::uint32_t, kWays> tags{};  // high bits of the hash; 0: free
    std::array<std::uint32_t, kWays> used{};  // by clock_; what it wraps around is forgotten early
  };

  void Grow();

  std::size_t sets_;
  std::size_t most_ = 0;
  std::size_t forgotten_ = 0;
  std::vector<Places> places_;
  std::vector<Entry> entries_;  // kWays a set
  std::uint32_t clock_ = 0;
};

}  // namespace routerate
