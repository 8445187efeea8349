// nginx's JSON log formats (log_format with escape=default or escape=json).
#pragma once

#include <expected>
#include <string_view>

#include "parsers/access_event.h"
#include "parsers/line_parser.h"
#include "parsers/text_scratch.h"

namespace routerate {

// Knows the widely copied 15-key format, the recommended one of configs/nginx and the usual
// variants. Both ways of escaping are read: they write every quote and backslash of a client's so
// that none can end a value. `line` has kLinePadding readable bytes behind it.
std::expected<AccessEvent, Rejection> ParseNginxJson(std::string_view line, TextScratch* scratch);

}  // namespace routerate
