// `routerate-agent parse`: a log on standard input or in a file, each line's event as JSON on
// standard output as it would be shipped, each reject on standard error with its line number. No
// Kafka, no checkpoint.
#pragma once

#include <cstdio>
#include <string>

#include "base/result.h"
#include "parsers/event_redaction.h"
#include "parsers/line_format.h"

namespace routerate {

// kSummary: counts only, a "name value" a line: lines, accepted, repaired, rejected_REASON for each
// reason that occurred, long_line_bytes. Accepted, repaired and rejected lines are all lines; one
// over 128 KiB is none, and its bytes are counted.
enum class ParseOutput { kEvents, kSummary };

struct ParseOptions {
  const LineFormat& format;  // borrowed
  RedactionRules redaction = {};
  ParseOutput output = ParseOutput::kEvents;
};

// Fails only when `in` cannot be read or `out` cannot be written. A last line without its newline
// is parsed too: nobody will finish it.
Result<void> ParseLog(std::FILE* in, std::FILE* out, std::FILE* rejects,
                      const ParseOptions& options);

}  // namespace routerate
