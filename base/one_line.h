// Text of others inside a message: it must not break the message's line, nor command a terminal.
#pragma once

#include <string>
#include <string_view>

namespace routerate {

// `text` with each control byte as \n, \t or \xHH.
inline std::string OneLine(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F) {
      line += c;
    } else if (c == '\n' || c == '\t') {
      line += c == '\n' ? "\\n" : "\\t";
    } else {
      line += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return line;
}

}  // namespace routerate
