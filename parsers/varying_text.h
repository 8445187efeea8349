// Tells names from values in a path: which text was typed by a programmer, which was generated or
// is a client's own. Judged from the text alone, so the answer is the same everywhere and for ever.
#pragma once

#include <cstddef>
#include <string_view>

namespace routerate {

bool IsAsciiAlnum(char c);
bool AllDigits(std::string_view text);  // and not empty

// Length of the UUID (8-4-4-4-12 hexadecimal digits, any case) that `text` begins with; 0: none.
// What follows must not be a letter or digit.
std::size_t UuidLength(std::string_view text);

// "name@host.tld", also "@name@host.tld"; no file such as vue@3.js.
bool IsEmail(std::string_view text);

// An IPv6 address, or a network card's: 00:1a:2b:3c:4d:5e, 00-1a-2b-3c-4d-5e.
bool IsHardwareOrIpv6Address(std::string_view text);

// 1920x1080; three digits or more, since 4x4 is a name.
bool IsImageSize(std::string_view text);

// A hash, a base64 or base62 token, a ULID: hexadecimal digits, or text of letters and digits
// (with '-', '_', '=', '+' and '~' between) that changes between cases and digits more often than
// names do. At least 8 letters and digits, 16 with something between, 6 where nearly every one
// changes from letter to digit or back. A token drawn with lower-case letters only is not told from
// a name.
bool LooksRandom(std::string_view text);

// The same, with a lower bar, for a word inside a file name, where build tools put a digest of the
// content: the "3f2a9c" of app.3f2a9c.js.
// Digits alone may be a version: they are the caller's to judge.
bool LooksLikeFingerprint(std::string_view word);

// The 8 characters of base64url that vite puts at a name's end, '-' or '_' among them: "Dk-9_2bQ".
bool IsJoinedFingerprint(std::string_view text);

}  // namespace routerate
