// A log of a few lines, parsed as one file, with every promise of line_parser.h checked.
#pragma once

#include <cstddef>
#include <cstdint>

#include "parsers/line_format.h"

namespace routerate {

// The bytes are the file: lines end at '\n', and what is learnt from one is there for the next.
// Ends the program at a broken promise.
void CheckLog(LogFormat format, const std::uint8_t* data, std::size_t size);

}  // namespace routerate
