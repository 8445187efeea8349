// A line of JSON, written straight into room that was made sure of beforehand, each piece without
// further checks.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace routerate {

// What a byte needs in a JSON string: 0 nothing, 'u' \u00XX, otherwise a backslash and this letter.
inline constexpr std::array<char, 256> kJsonEscapes = [] {
  std::array<char, 256> escapes{};
  for (std::size_t c = 0; c < 0x20; ++c) escapes[c] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}();

// Not thread-safe. Borrows the room.
class JsonLine {
 public:
  static constexpr std::size_t kMostPerByte = 6;  // of a text: \u001f
  static constexpr std::size_t kMostDigits = 20;  // of a number, its sign included

  explicit JsonLine(char* out) : out_(out) {}

  char* end() const { return out_; }

  void Literal(std::string_view text) {
    std::memcpy(out_, text.data(), text.size());
    out_ += text.size();
  }

  template <typename Integer>
  void Number(std::string_view key, Integer value) {
    Literal(key);
    out_ = std::to_chars(out_, out_ + kMostDigits, value).ptr;
  }

  // Left out when empty.
  void Text(std::string_view key, std::string_view text) {
    if (text.empty()) return;
    Literal(key);
    *out_++ = '"';
    Escaped(text);
    *out_++ = '"';
  }

  // Microseconds as milliseconds with three decimals.
  void Millis(std::string_view key, std::int64_t micros) {
    Number(key, micros / 1000);
    const auto rest = static_cast<int>(micros % 1000);
    *out_++ = '.';
    *out_++ = static_cast<char>('0' + rest / 100);
    *out_++ = static_cast<char>('0' + rest / 10 % 10);
    *out_++ = static_cast<char>('0' + rest % 10);
  }

 private:
  // Whether one of eight bytes is a quote, a backslash or a control byte: the usual trick of
  // finding a zero byte in a word, which may only err towards yes.
  static bool HasEscapes(std::uint64_t word) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kTops = 0x8080808080808080;
    const std::uint64_t quote = word ^ kOnes * '"';
    const std::uint64_t backslash = word ^ kOnes * '\\';
    const std::uint64_t hits = (quote - kOnes) & ~quote;
    const std::uint64_t more = (backslash - kOnes) & ~backslash;
    const std::uint64_t control = (word - kOnes * 0x20) & ~word;
    return ((hits | more | control) & kTops) != 0;
  }

  void Escaped(std::string_view text) {
    while (text.size() >= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data(), sizeof(word));
      if (HasEscapes(word)) {
        for (const char c : text.substr(0, sizeof(word))) Byte(c);
      } else {
        std::memcpy(out_, &word, sizeof(word));
        out_ += sizeof(word);
      }
      text.remove_prefix(sizeof(word));
    }
    for (const char c : text) Byte(c);
  }

  void Byte(char c) {
    constexpr char kHex[] = "0123456789abcdef";
    const char escape = kJsonEscapes[static_cast<unsigned char>(c)];
    if (escape == 0) {
      *out_++ = c;
      return;
    }
    *out_++ = '\\';
    *out_++ = escape;
    if (escape != 'u') return;
    Literal("00");
    *out_++ = kHex[c >> 4];
    *out_++ = kHex[c & 15];
  }

  char* out_;
};

}  // namespace routerate
