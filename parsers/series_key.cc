// One text after the other, each with what came before as its seed.
#include "parsers/series_key.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace routerate {

std::size_t SeriesKeyHash::operator()(const SeriesKeyView& key) const {
  std::uint64_t hash = XXH3_64bits(key.route.data(), key.route.size());
  for (const std::string_view text : {key.method, key.name}) {
    if (!text.empty()) hash = XXH3_64bits_withSeed(text.data(), text.size(), hash);
  }
  return hash;
}

}  // namespace routerate
