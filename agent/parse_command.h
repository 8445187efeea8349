// `routerate-agent parse`: a log on standard input or in a file, each line's event as JSON on
// standard output, each reject on standard error with its line number. No Kafka, no checkpoint.
#pragma once

#include <cstdio>
#include <string>

#include "base/result.h"
#include "parsers/line_parser.h"

namespace routerate {

enum class ParseOutput { kEvents, kSummary };

// Fails only when `in` cannot be read or `out` cannot be written. A last line without its newline
// is parsed too: nobody will finish it.
Result<void> ParseLog(std::FILE* in, std::FILE* out, std::FILE* rejects, const LineFormat& format,
                      ParseOutput output);

}  // namespace routerate
