// TimestampMemo: the last time text and what it meant. Neighbouring lines end in the same second,
// so most times are read by comparing them.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "parsers/timestamp.h"

namespace routerate {

class TimestampMemo {
 public:
  // As ParseTimestamp; false for what is no time.
  bool Parse(std::string_view text, std::int64_t* ms) {
    if (text.size() != size_ || std::memcmp(text.data(), text_.data(), size_) != 0) {
      const auto parsed = ParseTimestamp(text);
      if (!parsed || text.size() > text_.size()) {
        *ms = parsed.value_or(0);
        return parsed.has_value();
      }
      size_ = text.size();
      std::memcpy(text_.data(), text.data(), size_);
      ms_ = *parsed;
    }
    *ms = ms_;
    return true;
  }

 private:
  std::array<char, 32> text_{};
  std::size_t size_ = static_cast<std::size_t>(-1);  // of text_; no text's at first
  std::int64_t ms_ = 0;
};

}  // namespace routerate
