// The NCSA combined format, as nginx, Apache and tomcat write it.
#pragma once

#include <optional>
#include <string_view>

#include "parsers/log_fields.h"
#include "parsers/rejection.h"
#include "parsers/text_scratch.h"

namespace routerate {

//   client ident user [dd/Mon/yyyy:HH:mm:ss +zzzz] "request line" status bytes "referer" "agent"
//   ...
//
// Without the last two it is the common log format, which is read too. Behind them, further quoted
// texts are skipped (a client may have sent them), and the first bare number with a fraction, or
// name=number, is the request time in seconds, as nginx's $request_time. A whole number there is
// not believed: servers do not agree on its unit. Escapes (\xHH, \" and JSON's) are undone.
//
// A client cannot change another field where its server escapes quotes, as nginx and Apache do. A
// tomcat before 8.5.62 and 9.0.42 does not: there a Referer and a User-Agent with quotes and blanks
// in them may shape one another and a request time, nothing else. A line that is not UTF-8 is
// kNotCombined.
std::optional<Rejection> ReadCombinedLine(std::string_view line, TextScratch* scratch,
                                          LogFields* fields);

}  // namespace routerate
