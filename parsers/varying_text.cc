// Routes: what in a segment varies from request to request. Fixed shapes (UUID, e-mail, address)
// are matched; randomness is measured by how often neighbouring characters change their class
// (lower, upper, digit). Names do it once a word, generated text at more than every other
// character.
#include "parsers/varying_text.h"

#include <algorithm>

#include "base/ascii.h"
#include "parsers/file_type.h"

namespace routerate {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsHex(char c) { return IsAsciiDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Nothing that would make a longer word of it follows; a placeholder would.
bool EndsAt(std::string_view text, std::size_t length) {
  return length == text.size() || (!IsAsciiAlnum(text[length]) && text[length] != '{');
}

// What base64 and its kin put between letters and digits.
bool IsJoint(char c) { return c == '-' || c == '_' || c == '=' || c == '+' || c == '~'; }

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

// "v1", "v1beta1", "v2alpha1": how an API's versions are named.
bool IsApiVersion(std::string_view text) {
  if (!text.starts_with('v')) return false;
  const auto skip_digits = [&text] {
    text.remove_prefix(std::min(text.size(), text.find_first_not_of("0123456789")));
  };
  text.remove_prefix(1);
  skip_digits();
  for (const std::string_view stage : {"alpha", "beta", "rc"}) {
    if (text.starts_with(stage)) text.remove_prefix(stage.size());
  }
  skip_digits();
  return text.empty();
}

// "0x1f40": a C programmer's number.
bool IsPrefixedHex(std::string_view text) {
  constexpr std::size_t kLeastDigits = 4;
  if (!text.starts_with("0x") && !text.starts_with("0X")) return false;
  return text.size() >= 2 + kLeastDigits && std::ranges::all_of(text.substr(2), IsHex);
}

// "b2xk+4xA=": base64 tells itself by its padding.
bool IsPadded(std::string_view text, const Shape& shape) {
  return text.ends_with('=') && text.size() % 4 == 0 && shape.changes() > 0;
}

// Too short for chance to be seen, but for letters and digits that keep changing: "3f2a9c",
// "X7K2P9".
bool IsShortCode(const Shape& shape) { return shape.digit_changes >= (shape.hex ? 3 : 4); }

// "00:1a:2b", "2001:db8::1": `least` groups or more of at most `most_digits` hexadecimal digits.
bool AreHexGroups(std::string_view text, char separator, std::size_t least,
                  std::size_t most_digits) {
  std::size_t groups = 1;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == separator) {
      ++groups;
      digits = 0;
    } else if (!IsHex(c) || ++digits > most_digits) {
      return false;
    }
  }
  return groups >= least;
}

}  // namespace

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

bool IsEmail(std::string_view text) {
  if (text.starts_with('@')) text.remove_prefix(1);  // @ann@social.example
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0) return false;
  if (text.find_first_of("{}") != std::string_view::npos) return false;
  const std::string_view host = text.substr(at + 1);
  const std::size_t dot = host.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const FileType type = FileTypeOf(host.substr(dot));
  if (type != FileType::kNone && type != FileType::kOther) return false;
  const std::string_view top = host.substr(dot + 1);
  const auto letter = [](char c) { return IsLower(c) || IsUpper(c); };
  const auto host_char = [](char c) { return IsAsciiAlnum(c) || c == '.' || c == '-'; };
  return top.size() >= 2 && std::ranges::all_of(top, letter) &&
         std::ranges::all_of(host, host_char);
}

bool IsHardwareOrIpv6Address(std::string_view text) {
  constexpr std::size_t kMacGroups = 6;
  constexpr std::size_t kMacLength = 17;
  if (std::ranges::none_of(text, IsAsciiDigit)) return false;
  return AreHexGroups(text, ':', 3, 4) ||
         (text.size() == kMacLength && AreHexGroups(text, '-', kMacGroups, 2));
}

bool IsImageSize(std::string_view text) {
  constexpr std::size_t kLeastDigits = 3;
  const std::size_t by = text.find_first_of("xX");
  if (by == std::string_view::npos || text.size() < kLeastDigits + 1) return false;
  return AllDigits(text.substr(0, by)) && AllDigits(text.substr(by + 1));
}

bool LooksRandom(std::string_view text) {
  constexpr std::size_t kLeastLength = 6;
  constexpr std::size_t kUsualLength = 8;
  constexpr std::size_t kLeastJoinedLength = 16;
  constexpr std::size_t kLongWord = 20;
  constexpr std::size_t kUpperCaseCode = 16;  // base32: AKIAIOSFODNN7EXAMPLE
  if (text.size() < kLeastLength) return false;
  if (!std::ranges::all_of(text, [](char c) { return IsAsciiAlnum(c) || IsJoint(c); })) {
    return false;
  }
  if (IsApiVersion(text)) return false;
  if (IsPrefixedHex(text)) return true;
  const Shape shape = Measure(text);
  const bool joined = shape.length < text.size();
  if (shape.digits == shape.length) return false;  // a number
  if (text.size() < kUsualLength) return !joined && IsShortCode(shape);
  if (IsPadded(text, shape)) return true;
  if (shape.hex) return shape.digits > 0 || shape.length >= 16;
  if (joined && text.size() < kLeastJoinedLength) return false;
  if (shape.digits > 0) {
    if (!shape.lower && !joined && shape.length >= kUpperCaseCode) return true;
    const bool often =
        shape.changes() * 4 >= shape.length || (!joined && shape.length >= kLongWord);
    return shape.changes() >= 3 && often;
  }
  return shape.length >= 16 && shape.changes() * 3 >= shape.length;  // only case to judge by
}

bool LooksLikeFingerprint(std::string_view word) {
  constexpr std::size_t kLeastLength = 6;
  constexpr std::size_t kUsualLength = 8;
  if (word.size() < kLeastLength) return false;
  const Shape shape = Measure(word);
  if (shape.length < word.size() || IsApiVersion(word)) return false;
  if (shape.hex) return shape.digits > 0 || shape.length >= kUsualLength;
  return shape.length >= kUsualLength && shape.changes() >= 2;
}

bool IsJoinedFingerprint(std::string_view text) {
  constexpr std::size_t kLength = 8;
  if (text.size() != kLength) return false;
  const auto allowed = [](char c) { return IsAsciiAlnum(c) || c == '-' || c == '_'; };
  return std::ranges::all_of(text, allowed) && Measure(text).changes() >= 2;
}

}  // namespace routerate
