// nginx's JSON log formats (log_format with escape=default or escape=json).
#pragma once

#include <expected>
#include <string_view>

#include "parsers/access_event.h"
#include "parsers/key_table.h"
#include "parsers/rejection.h"
#include "parsers/text_scratch.h"

namespace routerate {

// Knows the widely copied 15-key format, the recommended one of configs/nginx and the usual
// variants. Both ways of escaping are read: they write every quote and backslash of a client's so
// that none can end a value. `line` has kLinePadding readable bytes behind it.
std::expected<AccessEvent, Rejection> ParseNginxJson(std::string_view line, const KeyTable& keys,
                                                     TextScratch* scratch);

// The keys that are known without a configuration.
const KeyTable& NginxKeys();

}  // namespace routerate
