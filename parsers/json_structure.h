// Where the structure of a line of JSON is.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

#include "parsers/rejection.h"

namespace routerate {

// Positions in a line, ascending: of each brace, bracket, colon and comma outside strings, of each
// string's opening quote, and of each other scalar's first byte.
using JsonStructure = std::span<const std::uint32_t>;

// `line` has kLinePadding readable bytes behind it. Fails with kEmpty, or with kNotJson for what is
// not UTF-8, for a string without end and for control bytes in one. The positions live until this
// thread calls again.
std::expected<JsonStructure, RejectReason> FindJsonStructure(std::string_view line);

}  // namespace routerate
