// Routes: what in a segment varies from request to request. Fixed shapes (UUID, date, e-mail) are
// matched; randomness is measured by how often neighbouring characters change their class (lower,
// upper, digit). Names do it once a word, generated text at more than every other character.
#include "parsers/varying_text.h"

#include <algorithm>

namespace routerate {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsHex(char c) { return IsAsciiDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Nothing that would make a longer word of it follows; a placeholder would.
bool EndsAt(std::string_view text, std::size_t length) {
  return length == text.size() || (!IsAsciiAlnum(text[length]) && text[length] != '{');
}

struct Shape {
  std::size_t length = 0;  // letters and digits
  std::size_t digits = 0;
  std::size_t digit_changes = 0;  // between a letter and a digit, either way
  std::size_t case_changes = 0;   // to an upper-case letter, but from a digit
  bool hex = true;
  bool lower = false;

  // Upper case alone is a way to write ("README"), no sign of chance.
  std::size_t changes() const { return digit_changes + (lower ? case_changes : 0); }
};

Shape Measure(std::string_view text) {
  Shape shape;
  char previous = '-';
  for (const char c : text) {
    const bool digit = IsAsciiDigit(c);
    if (IsAsciiAlnum(c)) {
      ++shape.length;
      shape.digits += digit;
      shape.lower |= IsLower(c);
    }
    if (IsAsciiAlnum(c) && IsAsciiAlnum(previous)) {
      shape.digit_changes += digit != IsAsciiDigit(previous);
      shape.case_changes += IsUpper(c) && !IsAsciiDigit(previous);
    }
    shape.hex &= IsHex(c);
    previous = c;
  }
  return shape;
}

// Two digits at `at` with a value in [least, most].
bool TwoDigits(std::string_view text, std::size_t at, int least, int most) {
  if (at + 2 > text.size() || !IsAsciiDigit(text[at]) || !IsAsciiDigit(text[at + 1])) return false;
  const int value = (text[at] - '0') * 10 + (text[at + 1] - '0');
  return value >= least && value <= most;
}

std::size_t SkipOne(std::string_view text, std::size_t at, std::string_view any_of) {
  return at < text.size() && any_of.find(text[at]) != std::string_view::npos ? at + 1 : at;
}

// End of "Z", "+08:00" or nothing at `at`.
std::size_t ZoneEnd(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == 'Z') return at + 1;
  const std::size_t sign = SkipOne(text, at, "+-");
  if (sign == at || !TwoDigits(text, sign, 0, 14)) return at;
  const std::size_t minutes = SkipOne(text, sign + 2, ":");
  return TwoDigits(text, minutes, 0, 59) ? minutes + 2 : sign + 2;
}

// End of "T10:20:30.123Z" and its shorter forms at `at`; `at` when there is none.
std::size_t TimeEnd(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != 'T' || !TwoDigits(text, at + 1, 0, 24)) return at;
  std::size_t end = at + 3;
  for (int part = 0; part < 2; ++part) {
    const std::size_t digits = SkipOne(text, end, ":-.");
    if (!TwoDigits(text, digits, 0, 60)) break;
    end = digits + 2;
  }
  const std::size_t fraction = SkipOne(text, end, ".,");
  if (fraction < text.size() && fraction > end && IsAsciiDigit(text[fraction])) {
    end = fraction;
    while (end < text.size() && IsAsciiDigit(text[end])) ++end;
  }
  return ZoneEnd(text, end);
}

}  // namespace

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAsciiAlnum(char c) { return IsAsciiDigit(c) || IsLower(c) || IsUpper(c); }
bool AllDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, IsAsciiDigit);
}

std::size_t UuidLength(std::string_view text) {
  constexpr std::size_t kLength = 36;
  if (text.size() < kLength || !EndsAt(text, kLength)) return 0;
  for (std::size_t i = 0; i < kLength; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !IsHex(text[i])) return 0;
  }
  return kLength;
}

std::size_t DateLength(std::string_view text) {
  constexpr std::size_t kLength = 10;  // YYYY-MM-DD
  constexpr std::string_view kSeparators = "-_.";
  if (text.size() < kLength || !TwoDigits(text, 0, 19, 20) || !TwoDigits(text, 2, 0, 99)) return 0;
  if (kSeparators.find(text[4]) == std::string_view::npos || text[7] != text[4]) return 0;
  if (!TwoDigits(text, 5, 1, 12) || !TwoDigits(text, 8, 1, 31)) return 0;
  const std::size_t end = TimeEnd(text, kLength);
  return EndsAt(text, end) ? end : 0;
}

bool IsEmail(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0) return false;
  if (text.find_first_of("{}") != std::string_view::npos) return false;
  const std::string_view host = text.substr(at + 1);
  const std::size_t dot = host.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  // "logo@2x.png": an image for screens of twice the density.
  if (dot == 2 && IsAsciiDigit(host[0]) && host[1] == 'x') return false;
  const std::string_view top = host.substr(dot + 1);
  const auto letter = [](char c) { return IsLower(c) || IsUpper(c); };
  const auto host_char = [](char c) { return IsAsciiAlnum(c) || c == '.' || c == '-'; };
  return top.size() >= 2 && std::ranges::all_of(top, letter) &&
         std::ranges::all_of(host, host_char);
}

bool LooksRandom(std::string_view text) {
  constexpr std::size_t kLeastLength = 8;
  constexpr std::size_t kLeastJoinedLength = 16;
  constexpr std::size_t kLongWord = 20;
  if (text.size() < kLeastLength) return false;
  const auto joint = [](char c) { return c == '-' || c == '_' || c == '='; };
  if (!std::ranges::all_of(text, [&](char c) { return IsAsciiAlnum(c) || joint(c); })) return false;
  const Shape shape = Measure(text);
  const bool joined = shape.length < text.size();
  if (shape.digits == shape.length) return false;  // a number
  if (shape.hex) return shape.digits > 0 || shape.length >= 16;
  if (shape.length < (joined ? kLeastJoinedLength : kLeastLength)) return false;
  if (shape.digits > 0) {
    const bool often =
        shape.changes() * 4 >= shape.length || (!joined && shape.length >= kLongWord);
    return shape.changes() >= 3 && often;
  }
  return shape.length >= 16 && shape.changes() * 3 >= shape.length;  // only case to judge by
}

bool LooksLikeFingerprint(std::string_view word) {
  if (word.size() < 6) return false;
  const Shape shape = Measure(word);
  if (shape.length < word.size() || shape.digits == shape.length) return false;
  if (shape.hex && shape.digits > 0) return true;
  return shape.length >= 8 && shape.changes() >= 2;
}

}  // namespace routerate
