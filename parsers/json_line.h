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
  using Word = std::uint64_t;

  // The top bit of a byte is set if it is a quote, a backslash or a control byte: the usual trick
  // of finding a zero byte in a word, which may only err towards yes.
  static Word Escapes(Word word) {
    constexpr Word kOnes = 0x0101010101010101;
    constexpr Word kTops = 0x8080808080808080;
    const Word quote = word ^ kOnes * '"';
    const Word backslash = word ^ kOnes * '\\';
    const Word hits = (quote - kOnes) & ~quote;
    const Word more = (backslash - kOnes) & ~backslash;
    const Word control = (word - kOnes * 0x20) & ~word;
    return (hits | more | control) & kTops;
  }

  void Escaped(std::string_view text) {
    if (text.size() >= sizeof(Word) && CopiedPlain(text)) return;
    for (const char c : text) Byte(c);
  }

  // Most texts need no escape. So all words are copied first, the last one over the end of the one
  // before, and then it is seen whether one did: then nothing counts as written.
  bool CopiedPlain(std::string_view text) {
    const std::size_t last = text.size() - sizeof(Word);
    Word escapes = 0;
    for (std::size_t at = 0; at < last; at += sizeof(Word)) escapes |= CopyWord(text, at);
    escapes |= CopyWord(text, last);
    if (escapes != 0) return false;
    out_ += text.size();
    return true;
  }

  Word CopyWord(std::string_view text, std::size_t at) {
    Word word = 0;
    std::memcpy(&word, text.data() + at, sizeof(word));
    std::memcpy(out_ + at, &word, sizeof(word));
    return Escapes(word);
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
