// Names that came from outside as one word of text: a column, a label value.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace routerate {

// White space and control bytes as %HH. Other bytes stay: the record's texts are valid UTF-8.
inline std::string PrintableWord(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7F) {
      out += fmt::format("%{:02X}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace routerate
