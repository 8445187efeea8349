// Routes: the memo. Hashes stand apart from the entries, so that a look-up touches one cache line
// of hashes and then the one entry that fits.
#include "parsers/route_memo.h"

#include <algorithm>
#include <functional>

#include "base/check.h"

namespace routerate {
namespace {

// Never 0, which marks a free place.
std::uint64_t Hash(RequestCondition condition, std::string_view path) {
  const std::uint64_t salt = condition.method * 0x10001ULL + condition.host + 1;
  return (std::hash<std::string_view>{}(path) ^ (salt * 0x9E3779B97F4A7C15ULL)) | (1ULL << 63);
}

}  // namespace

RouteMemo::RouteMemo(std::size_t entries)
    : sets_(entries / kWays), places_(sets_), entries_(entries) {
  RR_CHECK(sets_ > 0 && (entries & (entries - 1)) == 0);
}

const RouteMemo::Entry* RouteMemo::Find(RequestCondition condition, std::string_view path) {
  const std::uint64_t hash = Hash(condition, path);
  const std::size_t set = hash & (sets_ - 1);
  Places& places = places_[set];
  for (std::size_t way = 0; way < kWays; ++way) {
    if (places.hashes[way] != hash) continue;
    const Entry& entry = entries_[set * kWays + way];
    if (entry.condition_ != condition || entry.path() != path) continue;
    places.used[way] = ++clock_;
    return &entry;
  }
  return nullptr;
}

RouteMemo::Entry* RouteMemo::Place(RequestCondition condition, std::string_view path) {
  RR_CHECK(path.size() <= kMaxPathBytes);
  const std::uint64_t hash = Hash(condition, path);
  const std::size_t set = hash & (sets_ - 1);
  Places& places = places_[set];
  const auto way =
      static_cast<std::size_t>(std::ranges::min_element(places.used) - places.used.begin());
  places.hashes[way] = hash;
  places.used[way] = ++clock_;
  Entry& entry = entries_[set * kWays + way];
  entry.text_.assign(path);
  entry.path_size_ = static_cast<std::uint16_t>(path.size());
  entry.condition_ = condition;
  return &entry;
}

}  // namespace routerate
