// tomcat's AccessLogValve with a JSON pattern (DESIGN.md 3; configs/tomcat), and its
// JsonAccessLogValve.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string_view>

#include "parsers/json_fields.h"
#include "parsers/key_table.h"
#include "parsers/line_shape.h"
#include "parsers/log_fields.h"
#include "parsers/rejection.h"
#include "parsers/text_scratch.h"

namespace routerate {

// The keys that are known without a configuration: of a pattern, and of JsonAccessLogValve.
const KeyTable& TomcatKeys();
const KeyTable& TomcatValveKeys();
// Whether JsonAccessLogValve wrote it.
bool IsTomcatValveLine(std::string_view line);

// One file's tomcat. Before 8.5.62 and 9.0.42 the valve escaped nothing, and until 9.0.117 and
// 10.1.54 not the request line: a client can end a value with a quote and begin another. So a line
// that does not have the keys that its server writes, in their order, is split by the server's
// punctuation instead (line_shape.h). Keys, and what is escaped, are learnt from the file's lines
// and remembered. Not thread-safe.
class TomcatJson {
 public:
  // Borrows both.
  TomcatJson(const KeyTable& pattern_keys, const KeyTable& valve_keys)
      : pattern_keys_(pattern_keys), valve_keys_(valve_keys), keys_(&pattern_keys) {}

  // `line` has kLinePadding readable bytes behind it. One that is not UTF-8 is kNotJson.
  std::optional<Rejection> Read(std::string_view line, TextScratch* scratch, LogFields* fields);
  // The line that Read took last was no JSON, or other JSON than its server writes.
  bool repaired() const { return repaired_; }

 private:
  using JsonResult = std::expected<JsonKeys, Rejection>;

  bool MayHideQuotes(std::string_view line) const;
  void MeetFirst(std::string_view line);
  void Adopt(std::string_view line);
  std::optional<Rejection> Repair(std::string_view line, const JsonResult& json,
                                  TextScratch* scratch, LogFields* fields);
  LineShape::Outcome ReadAsItIs(std::string_view line, LogFields* fields);
  // Learns from texts that no server that escapes would write. Whether there was one.
  bool NoteBareTexts(const LogFields& fields);

  const KeyTable& pattern_keys_;
  const KeyTable& valve_keys_;
  const KeyTable* keys_;  // one of the two
  LineShape shape_;  // of the line with the fewest keys: a forger adds keys and can take none away
  LineShape candidate_;  // of another line; its memory is used again
  BareTexts bare_ = BareTexts::kNone;
  bool repaired_ = false;
};

}  // namespace routerate
