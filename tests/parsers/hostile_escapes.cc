// The escapes of the model servers (hostile_servers.h), a byte at a time.
#include "tests/parsers/hostile_escapes.h"

#include <cstddef>
#include <cstdint>

namespace routerate {
namespace {

std::string Hex(std::string_view before, char byte, std::string_view digits) {
  const auto value = static_cast<std::uint8_t>(byte);
  return std::string(before) + digits[value >> 4] + digits[value & 15];
}

constexpr std::string_view kUpper = "0123456789ABCDEF";
constexpr std::string_view kLower = "0123456789abcdef";

bool IsControl(char c) { return static_cast<std::uint8_t>(c) < 0x20; }
bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }

// "\t" for a tab, if `letters` has a t; empty otherwise.
std::string Letter(char c, std::string_view letters) {
  constexpr std::string_view kBytes = "\b\f\n\r\t\v";
  constexpr std::string_view kNames = "bfnrtv";
  const std::size_t at = kBytes.find(c);
  if (at == std::string_view::npos || letters.find(kNames[at]) == std::string_view::npos) return {};
  return {'\\', kNames[at]};
}

template <typename Escape>
std::string Each(std::string_view bytes, Escape escape) {
  std::string out;
  for (const char c : bytes) out += escape(c);
  return out;
}

// Length of the UTF-8 sequence at the front (RFC 3629's grammar, row by row); 0: none.
std::size_t Sequence(std::string_view bytes) {
  struct Row {
    std::uint8_t first, last, second_first, second_last;
    std::size_t length;
  };
  constexpr Row kRows[] = {
      {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
      {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
      {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
  const auto in = [&](std::size_t i, std::uint8_t first, std::uint8_t last) {
    return i < bytes.size() && static_cast<std::uint8_t>(bytes[i]) >= first &&
           static_cast<std::uint8_t>(bytes[i]) <= last;
  };
  for (const Row& row : kRows) {
    if (!in(0, row.first, row.last)) continue;
    const bool whole = (row.length < 2 || in(1, row.second_first, row.second_last)) &&
                       (row.length < 3 || in(2, 0x80, 0xBF)) &&
                       (row.length < 4 || in(3, 0x80, 0xBF));
    return whole ? row.length : 0;
  }
  return 0;
}

}  // namespace

std::string NginxDefault(std::string_view bytes) {
  return Each(bytes, [](char c) {
    return IsPrintable(c) && c != '"' && c != '\\' ? std::string(1, c) : Hex("\\x", c, kUpper);
  });
}

std::string NginxJson(std::string_view bytes) {
  return Each(bytes, [](char c) {
    if (c == '"' || c == '\\') return std::string{'\\', c};
    if (!IsControl(c)) return std::string(1, c);
    const std::string letter = Letter(c, "bfnrt");
    return letter.empty() ? Hex("\\u00", c, kUpper) : letter;
  });
}

std::string TomcatEscaped(std::string_view bytes) {
  if (bytes.empty()) return "-";
  return Each(bytes, [](char c) {
    if (c == '"' || c == '\\') return std::string{'\\', c};
    if (IsPrintable(c)) return std::string(1, c);
    const std::string letter = Letter(c, "fnrt");
    return letter.empty() ? Hex("\\u00", c, kLower) : letter;
  });
}

std::string ApacheEscaped(std::string_view bytes) {
  return Each(bytes, [](char c) {
    if (c == '"' || c == '\\') return std::string{'\\', c};
    if (IsPrintable(c)) return std::string(1, c);
    const std::string letter = Letter(c, "bnrtv");
    return letter.empty() ? Hex("\\x", c, kLower) : letter;
  });
}

bool IsWellFormedUtf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = Sequence(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string VisibleUtf8(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const std::size_t length = Sequence(bytes);
    out += length > 0 ? std::string(bytes.substr(0, length)) : Hex("%", bytes.front(), kUpper);
    bytes.remove_prefix(length > 0 ? length : 1);
  }
  return out;
}

std::string FromLatin1(std::string_view bytes) {
  if (IsWellFormedUtf8(bytes)) return std::string(bytes);
  return Each(bytes, [](char c) {
    const auto value = static_cast<std::uint8_t>(c);
    if (value < 0x80) return std::string(1, c);
    return std::string{static_cast<char>(0xC0 | value >> 6),
                       static_cast<char>(0x80 | (value & 0x3F))};
  });
}

bool LooksEscaped(std::string_view text) {
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"' || IsControl(c)) return false;
    if (c != '\\') continue;
    if (text.empty()) return false;
    const char letter = text.front();
    text.remove_prefix(1);
    if (letter == 'u') {
      const std::string_view digits = text.substr(0, 4);
      if (digits.size() < 4 ||
          digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
        return false;
      }
    } else if (std::string_view("\"\\/bfnrtv").find(letter) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

}  // namespace routerate
