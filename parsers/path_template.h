// The automatic route of a path that no rule names: the path with what varies replaced.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace routerate {

// Longest automatic template, most segments in one, and longest name kept as it is in a segment.
inline constexpr std::size_t kMaxTemplateBytes = 200;
inline constexpr std::size_t kMaxTemplateSegments = 12;
inline constexpr std::size_t kMaxNameBytes = 64;

// A pure function of the bytes, fixed by goldens: the same in every process, replica and release.
// The canonical path (request_path.h) with, in each segment:
//
//   {id}     numbers, also 4 or more digits inside a word; sizes and addresses:
//            /orders/48213, /page-2, /ORD20931 -> /ORD{id}, /1920x1080, /10.0.0.1, /2001:db8::1
//   {uuid}   75cae121-e817-471a-b4c4-9da1d89cbd80
//   {date}   2026-11-22, 22-Nov-2026, 2026-W47, 2026-11-22T10:20:30Z (date_text.h)
//   {email}  ann@example.com
//   {token}  hexadecimal, base64 and base62 tokens; the digest in app.3f2a9c.js -> app.{token}.js
//   {file}   an image, font, sound or film: one family a folder and extension, /img/{file}.png
//   {text}   free text: a segment with percent-encoding left in it, or longer than kMaxNameBytes;
//            a file name's extension stays
//
// Values joined by punctuation become one: 10.0.0.1 -> {id}; of different kinds: {token}. What
// exceeds the bounds ends in "/**". A template is its own template.
std::string AutomaticTemplate(std::string_view path);

// As above, for a path that is canonical already; replaces *out.
void TemplateOfCanonicalPath(std::string_view canonical, std::string* out);

}  // namespace routerate
