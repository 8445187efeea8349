// UTF-8 that is not.
#pragma once

#include <cstddef>
#include <string_view>

#include "parsers/text_scratch.h"

namespace routerate {

constexpr std::size_t RepairUtf8Room(std::size_t size) { return 3 * size; }

bool IsUtf8(std::string_view text);

// `text` with each byte that is not part of a UTF-8 sequence written as %HH, the way a URL holds
// it: the result is valid UTF-8, no byte is lost, and no quote or backslash can come of it. Always
// a copy.
std::string_view RepairUtf8(std::string_view text, TextScratch* scratch);

}  // namespace routerate
