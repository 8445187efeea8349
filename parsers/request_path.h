// The canonical form of a request target: one spelling for all that a server takes to be the same
// path. Rules and automatic templates see this form, never the bytes as sent.
#pragma once

#include <string>
#include <string_view>

namespace routerate {

// Replaces *out with the canonical form of `target` (which has no query). Any bytes are accepted;
// the result is never empty and holds printable ASCII only, without space, quote or backslash.
//
//   percent-encoding  what may stand for itself is decoded, the rest is %XX in upper case (RFC
//   3986 6.2.2);
//                     bytes that may not stand in a path are encoded
//   ";name=value"     path parameters are dropped, ";jsessionid=..." among them
//   "//", "/./", "/../", trailing "/"     folded; the root stays "/"
//   "http://host/path"     the path of an absolute target
//   "*"                    stays (OPTIONS *)
//   anything else          "-": an empty target, CONNECT's host:port, garbage
void CanonicalPath(std::string_view target, std::string* out);

// Appends the canonical spelling of part of one segment: percent-encoding as above, nothing else.
void AppendCanonicalBytes(std::string_view bytes, std::string* out);

}  // namespace routerate
