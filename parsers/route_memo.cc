// Routes: the memo. A log's many paths push the memo out of the near caches, so what counts is how
// many of their lines a look-up touches one after the other: a set's tags and ages are one, an
// entry with a short path lies in two or three that are neighbours.
#include "parsers/route_memo.h"

#include <algorithm>

#include "base/check.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace routerate {
namespace {

std::uint64_t Hash(RequestCondition condition, std::string_view path) {
  const std::uint64_t seed = std::uint64_t{condition.method} << 16 | condition.host;
  return XXH3_64bits_withSeed(path.data(), path.size(), seed);
}

// Never 0, which marks a free place.
std::uint32_t Tag(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32) | 1; }

}  // namespace

void RouteMemo::Entry::Set(std::string_view path, std::string_view automatic) {
  path_size_ = static_cast<std::uint16_t>(path.size());
  automatic_size_ = static_cast<std::uint16_t>(automatic.size());
  if (IsLong() && long_text_ == nullptr) {
    long_text_ = std::make_unique_for_overwrite<char[]>(kMaxTextBytes);
  }
  char* const text = IsLong() ? long_text_.get() : short_text_.data();
  path.copy(text, path.size());
  automatic.copy(text + path.size(), automatic.size());
}

RouteMemo::RouteMemo(std::size_t entries)
    : sets_(entries / kWays), places_(sets_), entries_(entries) {
  RR_CHECK(sets_ > 0 && (entries & (entries - 1)) == 0);
}

const RouteMemo::Entry* RouteMemo::Find(RequestCondition condition, std::string_view path) {
  const std::uint64_t hash = Hash(condition, path);
  const std::uint32_t tag = Tag(hash);
  const std::size_t set = hash & (sets_ - 1);
  Places& places = places_[set];
  for (std::size_t way = 0; way < kWays; ++way) {
    if (places.tags[way] != tag) continue;
    const Entry& entry = entries_[set * kWays + way];
    if (entry.condition_ != condition || entry.path() != path) continue;
    places.used[way] = ++clock_;
    return &entry;
  }
  return nullptr;
}

void RouteMemo::Remember(RequestCondition condition, std::string_view path, int rule,
                         std::string_view automatic) {
  RR_CHECK(path.size() <= kMaxPathBytes && automatic.size() <= kMaxTemplateBytes);
  if (forgotten_ >= entries_.size() && entries_.size() < most_) Grow();
  const std::uint64_t hash = Hash(condition, path);
  const std::size_t set = hash & (sets_ - 1);
  Places& places = places_[set];
  const auto way =
      static_cast<std::size_t>(std::ranges::min_element(places.used) - places.used.begin());
  if (places.tags[way] != 0) ++forgotten_;
  places.tags[way] = Tag(hash);
  places.used[way] = ++clock_;
  Entry& entry = entries_[set * kWays + way];
  entry.Set(path, automatic);
  entry.condition_ = condition;
  entry.rule_ = rule;
}

void RouteMemo::Grow() {
  sets_ *= 2;
  forgotten_ = 0;
  places_.assign(sets_, {});
  entries_ = std::vector<Entry>(sets_ * kWays);
}

}  // namespace routerate
