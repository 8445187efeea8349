// Lines that would be JSON if every value had quotes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "parsers/key_table.h"
#include "parsers/log_fields.h"
#include "parsers/rejection.h"

namespace routerate {

// {"key":"text","key":bare,...}, where a text ends at the first quote without a backslash before
// it, and a bare value (which may be empty, "-" or a list) at the next `,"` or the brace that ends
// the line. White space may stand around punctuation. For servers that escape quotes in all that a
// client sends: then no value can hold what ends it. The first of repeated keys counts. Fails with
// the position from which on the line is not like this; `fields` are of no use then.
std::optional<std::size_t> ReadLooseJson(std::string_view line, const KeyTable& keys,
                                         LogFields* fields);

// Of a line that is not JSON, with the column from which on it is not even loosely. (simdjson's
// first stage tells none, and not the same on every processor.)
Rejection NotJson(std::string_view line);

}  // namespace routerate
