// TextScratch: where a line's text goes when it is not in the line as it means (escapes, broken
// UTF-8).
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

#include "base/check.h"

namespace routerate {

// Room for one line's texts, used again for the next. Grows to what the longest line needed; a file
// without escapes needs none. Not thread-safe. What was given out lives until the next Begin.
class TextScratch {
 public:
  // Forgets all texts. The next ones will need `bytes` of room together, at most.
  void Begin(std::size_t bytes) {
    limit_ = bytes;
    used_ = 0;
  }

  // Where the next text may be written, `bytes` at most. Grows for the first text only, so that
  // none moves.
  char* Room(std::size_t bytes) {
    RR_CHECK(bytes <= limit_ - used_);
    if (used_ == 0 && room_.size() < limit_) room_.resize(limit_);
    return room_.data() + used_;
  }

  // The text just written in Room, which ends before `end`.
  std::string_view Keep(const char* end) {
    const char* const begin = room_.data() + used_;
    const auto size = static_cast<std::size_t>(end - begin);
    used_ += size;
    return {begin, size};
  }

 private:
  std::string room_;
  std::size_t limit_ = 0;
  std::size_t used_ = 0;
};

}  // namespace routerate
