// A tomcat line taken apart by the order of its pattern, not as JSON.
#pragma once

#include <string_view>

#include "parsers/log_fields.h"

namespace routerate {

inline constexpr std::size_t kTomcatPatternKeys = 10;

// Fills `fields` with the texts between the pattern's keys, as they stand in the line. False if the
// line is not of the pattern (DESIGN.md 3, where "duration_ms" or "duration_us" may follow
// "SendBytes").
//
// Why a client cannot forge: up to the request line all text is the server's. A request's target
// has no blank in it, so the line ends at the first quote behind its version. Status, bytes and
// duration are the server's, and are read by what they may consist of. The query is the target's
// own. All behind it is Referer and User-Agent, which the same client sent.
bool SplitTomcatLine(std::string_view line, LogFields* fields);

// Whether `text` may stand between quotes in JSON: bare quotes, backslashes that escape nothing and
// control bytes show a server that does not escape.
bool IsJsonText(std::string_view text);

}  // namespace routerate
