// Broken UTF-8 made whole. The well-formed sequences are those of the Unicode standard's table 3-7:
// no overlong forms, no surrogates, nothing past U+10FFFF.
#include "parsers/utf8.h"

#include <cstdint>

namespace routerate {
namespace {

struct Range {
  std::uint8_t first, last;
};

// What may follow a lead byte that has a rule of its own.
Range SecondByte(std::uint8_t lead) {
  switch (lead) {
    case 0xE0:
      return {0xA0, 0xBF};
    case 0xED:
      return {0x80, 0x9F};
    case 0xF0:
      return {0x90, 0xBF};
    case 0xF4:
      return {0x80, 0x8F};
    default:
      return {0x80, 0xBF};
  }
}

std::size_t LengthByLead(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// Length of the sequence that `text` begins with, 0 if it begins with none.
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::size_t length = LengthByLead(byte(0));
  if (length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    const Range range = i == 1 ? SecondByte(byte(0)) : Range{0x80, 0xBF};
    if (byte(i) < range.first || byte(i) > range.last) return 0;
  }
  return length;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string_view RepairUtf8(std::string_view text, TextScratch* scratch) {
  constexpr char kHex[] = "0123456789ABCDEF";
  char* out = scratch->Room(RepairUtf8Room(text.size()));
  while (!text.empty()) {
    if (const std::size_t length = SequenceLength(text); length > 0) {
      std::memcpy(out, text.data(), length);
      out += length;
      text.remove_prefix(length);
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(text.front());
    *out++ = '%';
    *out++ = kHex[byte >> 4];
    *out++ = kHex[byte & 15];
    text.remove_prefix(1);
  }
  return scratch->Keep(out);
}

}  // namespace routerate
