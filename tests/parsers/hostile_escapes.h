// How servers write a client's bytes into a log, and how routerate shows bytes that are no text.
// Written from the servers' documentation and sources, apart from the code that is under test.
#pragma once

#include <string>
#include <string_view>

namespace routerate {

// nginx, escape=default: '"', '\' and all but printable ASCII as \xHH. "-" is for the absent only.
std::string NginxDefault(std::string_view bytes);
// nginx, escape=json: quotes, backslashes and control bytes as JSON does; other bytes as they came.
std::string NginxJson(std::string_view bytes);
// tomcat since 8.5.62 and 9.0.42: \" and \\, letters for some control bytes, \u00xx for the others
// and for all past ASCII, since it takes bytes for latin-1. Nothing at all is "-".
std::string TomcatEscaped(std::string_view bytes);
// Apache httpd: \" and \\, letters for white space, \xhh for what is not printable ASCII.
std::string ApacheEscaped(std::string_view bytes);

bool IsWellFormedUtf8(std::string_view bytes);
// docs/record.md: a byte that is not part of a UTF-8 sequence stands as %HH.
std::string VisibleUtf8(std::string_view bytes);
// docs/record.md: what tomcat escaped is text if its bytes are, else each byte is a latin-1
// character.
std::string FromLatin1(std::string_view bytes);

// Whether a tomcat that escapes could have written this: what JSON takes between two quotes, and
// \v.
bool LooksEscaped(std::string_view text);

}  // namespace routerate
