// Tells names from values in a path: which text was typed by a programmer, which was generated or
// is a client's own. Judged from the text alone, so the answer is the same everywhere and for ever.
#pragma once

#include <cstddef>
#include <string_view>

namespace routerate {

bool IsAsciiDigit(char c);
bool IsAsciiAlnum(char c);
bool AllDigits(std::string_view text);  // and not empty

// Length of the UUID (8-4-4-4-12 hexadecimal digits, any case) that `text` begins with; 0: none.
// What follows must not be a letter or digit.
std::size_t UuidLength(std::string_view text);

// Length of the date that `text` begins with; 0: none. YYYY-MM-DD (also with '_' or '.'), alone or
// with an ISO 8601 time: 2026-11-22T10:20:30.5+08:00, 2026-11-22T102030Z. Years 1900 to 2099.
std::size_t DateLength(std::string_view text);

// "name@host.tld"
bool IsEmail(std::string_view text);

// A hash, a base64 or base62 token, a ULID: hexadecimal digits, or text of letters and digits
// (with '-', '_' and '=' between) that changes between cases and digits more often than names do.
// At least 8 letters and digits; 16 where '-', '_' or '=' are among them. A token drawn with
// lower-case letters only is not told from a name.
bool LooksRandom(std::string_view text);

// The same, with a lower bar, for a word inside a file name, where build tools put a digest of the
// content: the "3f2a9c" of app.3f2a9c.js.
bool LooksLikeFingerprint(std::string_view word);

}  // namespace routerate
