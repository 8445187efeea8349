// Escaped text in log lines, back to what it stands for.
#pragma once

#include <optional>
#include <string_view>

#include "parsers/text_scratch.h"

namespace routerate {

enum class Escapes {
  kJson,      // RFC 8259
  kNginx,     // JSON's, and \xHH for a byte, as nginx's escape=default writes
  kTomcat,    // JSON's and \v, where \u0080 to \u00ff may stand for bytes: tomcat reads latin-1
  kCombined,  // all of these: nginx, Apache and tomcat write the same format
};

// How much room Unescape may take for a text of `size` bytes.
constexpr std::size_t UnescapeRoom(std::size_t size) { return 4 * size; }

// Whether `text` has an escape of the form \xHH, which is nginx's own.
bool HasByteEscape(std::string_view text);

// `text` is valid UTF-8 with escapes; the result is valid UTF-8: a lone surrogate becomes U+FFFD, a
// byte that is not part of a UTF-8 sequence becomes %HH. nullopt for an escape that the dialect
// lacks. Returns `text` itself when there is nothing to do.
std::optional<std::string_view> Unescape(std::string_view text, Escapes escapes,
                                         TextScratch* scratch);

}  // namespace routerate
