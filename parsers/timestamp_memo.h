// TimestampMemo: the last time text and what it meant. Neighbouring lines end in the same second,
// so most times are read by comparing them.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/ascii.h"
#include "parsers/timestamp.h"

namespace routerate {

class TimestampMemo {
 public:
  // As ParseTimestamp; false for what is no time.
  bool Parse(std::string_view text, std::int64_t* ms) {
    if (text.size() != size_ || std::memcmp(text.data(), text_.data(), size_) != 0) {
      if (ParseMillis(text, ms)) return true;
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
  // Another millisecond of the same second, as $msec has it: 1795312800.123.
  bool ParseMillis(std::string_view text, std::int64_t* ms) const {
    constexpr std::size_t kWhole = 11;  // with the point
    if (text.size() != kWhole + 3 || size_ != text.size() || text[kWhole - 1] != '.') return false;
    if (std::memcmp(text.data(), text_.data(), kWhole) != 0) return false;
    std::int64_t thousandths = 0;
    for (const char c : text.substr(kWhole)) {
      if (!IsAsciiDigit(c)) return false;
      thousandths = thousandths * 10 + (c - '0');
    }
    *ms = ms_ / 1000 * 1000 + thousandths;
    return true;
  }

  std::array<char, 32> text_{};
  std::size_t size_ = static_cast<std::size_t>(-1);  // of text_; no text's at first
  std::int64_t ms_ = 0;
};

}  // namespace routerate
