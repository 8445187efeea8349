// Routes: the memo. Hashes stand apart from the entries, so that a look-up touches one cache line
// of hashes and then the one entry that fits.
#include "parsers/route_memo.h"

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
    : sets_(entries / kWays), tags_(sets_), entries_(entries) {
  RR_CHECK(sets_ > 0 && (entries & (entries - 1)) == 0);
}

const RouteMemo::Entry* RouteMemo::Find(RequestCondition condition, std::string_view path) {
  const std::uint64_t hash = Hash(condition, path);
  const std::size_t set = hash & (sets_ - 1);
  for (std::size_t way = 0; way < kWays; ++way) {
    if (tags_[set][way] != hash) continue;
    Entry& entry = entries_[set * kWays + way];
    if (entry.condition != condition || entry.path != path) continue;
    entry.used = ++clock_;
    return &entry;
  }
  return nullptr;
}

RouteMemo::Entry* RouteMemo::Place(RequestCondition condition, std::string_view path) {
  RR_CHECK(path.size() <= kMaxPathBytes);
  const std::uint64_t hash = Hash(condition, path);
  const std::size_t set = hash & (sets_ - 1);
  std::size_t oldest = 0;
  for (std::size_t way = 1; way < kWays; ++way) {
    if (entries_[set * kWays + way].used < entries_[set * kWays + oldest].used) oldest = way;
  }
  tags_[set][oldest] = hash;
  Entry& entry = entries_[set * kWays + oldest];
  entry.path.assign(path);
  entry.condition = condition;
  entry.used = ++clock_;
  return &entry;
}

}  // namespace routerate
