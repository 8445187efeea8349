// Escapes, undone into scratch space. Bytes that escapes stand for are collected first and looked
// at as UTF-8 after, since a character's bytes may each have an escape of their own.
#include "parsers/text_escapes.h"

#include <simdjson.h>

#include <cstdint>
#include <cstring>

#include "base/ascii.h"
#include "parsers/nowhere.h"
#include "parsers/utf8.h"

namespace routerate {
namespace {

// The number that `count` hexadecimal digits at the front of `text` are; -1 if they are not.
int HexNumber(std::string_view text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const int digit = HexDigit(text[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

char* WriteUtf8(std::uint32_t c, char* out) {
  const auto put = [&out](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
  return out;
}

// What a backslash and this letter stand for; 0 if nothing by themselves.
char SimpleEscape(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

bool HasBytes(Escapes escapes) {
  return escapes == Escapes::kNginx || escapes == Escapes::kCombined;
}

enum class Latin1 { kCharacters, kBytes };

// One pass over a text: `in` is what is left, `out` where the next byte goes.
class Unescaper {
 public:
  Unescaper(std::string_view in, char* out, Escapes escapes, Latin1 latin1)
      : in_(in), out_(out), escapes_(escapes), latin1_(latin1) {}

  // False at an escape that is none.
  bool Run() {
    for (;;) {
      const void* const found = std::memchr(in_.data(), '\\', in_.size());
      const auto plain =
          found == nullptr ? in_.size()
                           : static_cast<std::size_t>(static_cast<const char*>(found) - in_.data());
      std::memcpy(out_, in_.data(), plain);
      out_ += plain;
      in_.remove_prefix(plain);
      if (in_.empty()) return true;
      if (!Escape()) return false;
    }
  }

  char* end() const { return out_; }
  bool wrote_bytes() const { return wrote_bytes_; }

 private:
  bool Escape() {
    if (in_.size() < 2) return false;
    const char letter = in_[1];
    in_.remove_prefix(2);
    if (letter == 'u') return CodePoint();
    if (letter == 'x' && HasBytes(escapes_)) return Byte();
    const bool vertical =
        letter == 'v' && (escapes_ == Escapes::kTomcat || escapes_ == Escapes::kCombined);
    const char c = vertical ? '\v' : SimpleEscape(letter);
    *out_++ = c;
    return c != 0;
  }

  bool Byte() {
    const int value = HexNumber(in_, 2);
    if (value < 0) return false;
    in_.remove_prefix(2);
    WriteByte(value);
    return true;
  }

  void WriteByte(int value) {
    wrote_bytes_ = wrote_bytes_ || value >= 0x80;
    *out_++ = static_cast<char>(value);
  }

  bool CodePoint() {
    const int unit = HexNumber(in_, 4);
    if (unit < 0) return false;
    in_.remove_prefix(4);
    if (latin1_ == Latin1::kBytes && unit >= 0x80 && unit <= 0xFF) {
      WriteByte(unit);
      return true;
    }
    out_ = WriteUtf8(WithSecondUnit(static_cast<std::uint32_t>(unit)), out_);
    return true;
  }

  // A UTF-16 unit, joined with the one behind it if they are a pair.
  std::uint32_t WithSecondUnit(std::uint32_t unit) {
    constexpr std::uint32_t kReplacement = 0xFFFD;
    if (unit < 0xD800 || unit > 0xDFFF) return unit;
    if (unit > 0xDBFF || !in_.starts_with("\\u")) return kReplacement;
    const int second = HexNumber(in_.substr(2), 4);
    if (second < 0xDC00 || second > 0xDFFF) return kReplacement;
    in_.remove_prefix(6);
    return 0x10000 + ((unit - 0xD800) << 10) + (static_cast<std::uint32_t>(second) - 0xDC00);
  }

  std::string_view in_;
  char* out_;
  Escapes escapes_;
  Latin1 latin1_;
  bool wrote_bytes_ = false;
};

}  // namespace

bool HasByteEscape(std::string_view text) {
  for (std::size_t i = text.find('\\'); i != kNowhere; i = text.find('\\', i + 2)) {
    if (i + 1 < text.size() && text[i + 1] == 'x') return true;
  }
  return false;
}

std::optional<std::string_view> Unescape(std::string_view text, Escapes escapes,
                                         TextScratch* scratch) {
  if (text.find('\\') == std::string_view::npos) return text;
  const bool latin1_bytes = escapes == Escapes::kTomcat || escapes == Escapes::kCombined;
  const Latin1 latin1 = latin1_bytes ? Latin1::kBytes : Latin1::kCharacters;
  char* const room = scratch->Room(text.size());
  Unescaper first(text, room, escapes, latin1);
  if (!first.Run()) return std::nullopt;
  const std::string_view bytes(room, static_cast<std::size_t>(first.end() - room));
  if (!first.wrote_bytes() || simdjson::validate_utf8(bytes)) return scratch->Keep(first.end());
  if (HasBytes(escapes)) return RepairUtf8(scratch->Keep(first.end()), scratch);
  Unescaper second(text, room, escapes, Latin1::kCharacters);
  if (!second.Run()) return std::nullopt;
  return scratch->Keep(second.end());
}

}  // namespace routerate
