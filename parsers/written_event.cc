// A cursor that is moved by what is expected. Whatever is not gives the line up.
#include "parsers/written_event.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/ascii.h"

namespace routerate {
namespace {

// Of eight bytes the first that ends the plain part of a text, as the lowest top bit set: a quote,
// a backslash, a control byte, or one that is not ASCII. Bits above the lowest mean nothing.
std::uint64_t FirstOdd(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kTops = 0x8080808080808080;
  const auto zero_bytes = [](std::uint64_t w) { return (w - kOnes) & ~w; };
  const std::uint64_t quote = zero_bytes(word ^ kOnes * '"');
  const std::uint64_t backslash = zero_bytes(word ^ kOnes * '\\');
  const std::uint64_t control = (word - kOnes * 0x20) & ~word;
  return (quote | backslash | control | word) & kTops;
}

class EventCursor {
 public:
  explicit EventCursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  const char* at() const { return at_; }

  // True: it is there, and behind us.
  template <std::size_t kSize>
  bool Take(const char (&literal)[kSize]) {
    // So what is read behind the end is in the padding: a literal and a number.
    if (at_ >= end_ || std::memcmp(at_, literal, kSize - 1) != 0) return false;
    at_ += kSize - 1;
    return true;
  }

  // Up to 18 digits.
  bool Number(std::int64_t* out) {
    constexpr int kLongest = 18;
    std::int64_t value = 0;
    const char* const begin = at_;
    for (; at_ - begin < kLongest && IsAsciiDigit(*at_); ++at_) value = value * 10 + (*at_ - '0');
    *out = value;
    const bool leading_zero = *begin == '0' && at_ - begin > 1;
    return at_ > begin && !IsAsciiDigit(*at_) && !leading_zero;
  }

  // Milliseconds with three decimals, as microseconds.
  bool Millis(std::int64_t* out) {
    constexpr std::int64_t kMost = std::int64_t{1} << 50;
    std::int64_t whole = 0;
    if (!Number(&whole) || whole > kMost || *at_ != '.') return false;
    int thousandths = 0;
    for (int i = 1; i <= 3; ++i) {
      if (!IsAsciiDigit(at_[i])) return false;
      thousandths = thousandths * 10 + (at_[i] - '0');
    }
    at_ += 4;
    *out = whole * 1000 + thousandths;
    return true;
  }

  // Up to its quote, which is behind us then.
  bool Text(std::string_view* out) {
    const char* const begin = at_;
    std::uint64_t odd = 0;
    do {
      if (at_ >= end_) return false;
      std::uint64_t word = 0;
      std::memcpy(&word, at_, sizeof(word));
      if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
      odd = FirstOdd(word);
      at_ += odd == 0 ? sizeof(word) : static_cast<std::size_t>(std::countr_zero(odd)) / 8;
    } while (odd == 0);
    *out = {begin, at_};
    if (at_ >= end_ || *at_ != '"') return false;
    ++at_;
    return true;
  }

 private:
  const char* at_;
  const char* end_;
};

// An absent text stays as it is.
template <std::size_t kSize>
bool OptionalText(EventCursor& cursor, const char (&key)[kSize], std::string_view* out) {
  return !cursor.Take(key) || cursor.Text(out);
}

template <std::size_t kSize>
bool OptionalNumber(EventCursor& cursor, const char (&key)[kSize], std::int64_t* out) {
  return !cursor.Take(key) || cursor.Number(out);
}

}  // namespace

std::size_t ReadWrittenEvent(std::string_view text, RecordedEvent* out) {
  EventCursor cursor(text);
  AccessEvent& event = out->event;
  std::int64_t offset = 0;
  std::int64_t status = 0;
  const bool read = cursor.Take("{\"offset\":") && cursor.Number(&offset) &&
                    cursor.Take(",\"ts\":") && cursor.Number(&event.ts_ms) &&
                    OptionalText(cursor, ",\"method\":\"", &event.method) &&
                    OptionalText(cursor, ",\"host\":\"", &event.host) &&
                    OptionalText(cursor, ",\"path\":\"", &event.path) &&
                    OptionalText(cursor, ",\"query\":\"", &event.query) &&
                    OptionalNumber(cursor, ",\"status\":", &status) &&
                    OptionalNumber(cursor, ",\"bytes\":", &event.bytes) &&
                    (!cursor.Take(",\"duration_ms\":") || cursor.Millis(&event.duration_us)) &&
                    OptionalText(cursor, ",\"client\":\"", &event.client) &&
                    OptionalText(cursor, ",\"referer\":\"", &event.referer) &&
                    OptionalText(cursor, ",\"agent\":\"", &event.agent) &&
                    OptionalText(cursor, ",\"user\":\"", &event.user) && cursor.Take("}\n");
  const auto size = static_cast<std::size_t>(cursor.at() - text.data());
  const bool is_status = status == 0 || (status >= 100 && status <= 999);
  if (!read || size > text.size() || !is_status) return 0;
  out->offset = static_cast<std::uint64_t>(offset);
  event.status = static_cast<int>(status);
  return size;
}

}  // namespace routerate
