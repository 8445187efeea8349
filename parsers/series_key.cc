// The route's hash, with what else there is as its seed.
#include "parsers/series_key.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace routerate {

std::size_t SeriesKeyHash::operator()(const SeriesKeyView& key) const {
  std::uint64_t seed = 0;  // of a few letters
  for (const char c : key.method) seed = seed * 31 + static_cast<unsigned char>(c);
  if (!key.name.empty()) seed = XXH3_64bits_withSeed(key.name.data(), key.name.size(), seed);
  return XXH3_64bits_withSeed(key.route.data(), key.route.size(), seed);
}

}  // namespace routerate
