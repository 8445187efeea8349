// tomcat's AccessLogValve with a JSON pattern (DESIGN.md 3; configs/tomcat).
#pragma once

#include <cstddef>
#include <expected>
#include <string_view>

#include "parsers/access_event.h"
#include "parsers/key_table.h"
#include "parsers/log_fields.h"
#include "parsers/rejection.h"
#include "parsers/text_scratch.h"

namespace routerate {

// One file's tomcat. Before 8.5.62 and 9.0.42 the valve escaped nothing, and until 9.0.117
// and 10.1.54 not the request line: a client can end a value with a quote and begin another. So
// what does not look like the pattern's own line is taken apart by the pattern's order instead
// (tomcat_raw_line.h), where the text that a client sent cannot pass for another field. What kind
// of server it is, is learnt from its lines and remembered. Not thread-safe.
class TomcatJson {
 public:
  // `line` has kLinePadding readable bytes behind it. One that is not UTF-8 is kNotJson.
  std::expected<AccessEvent, Rejection> Parse(std::string_view line, const KeyTable& keys,
                                              TextScratch* scratch);

 private:
  bool ReadByPattern(std::string_view line, TextScratch* scratch, LogFields* fields);

  bool escapes_nothing_ = false;  // a header had a bare quote, backslash or control byte in it
  // A forger adds keys and can take none away, so the line with the fewest shows what the server
  // writes.
  std::size_t fewest_keys_ = static_cast<std::size_t>(-1);
};

// The keys that are known without a configuration.
const KeyTable& TomcatKeys();

}  // namespace routerate
