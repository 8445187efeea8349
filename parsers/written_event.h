// An event's line as event_record.cc writes it, read in one pass.
#pragma once

#include <string_view>

#include "parsers/event_record.h"

namespace routerate {

// Reads the line that `text` begins with: the keys that we write, in our order, of ASCII texts
// without escapes. Views live as long as the text. Returns the length of the line with its newline;
// 0: it is something else, and may be an event all the same (event_reader.cc reads any).
// kLinePadding bytes behind the text must be readable.
std::size_t ReadWrittenEvent(std::string_view text, RecordedEvent* out);

}  // namespace routerate
