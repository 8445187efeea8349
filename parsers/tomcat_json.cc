// tomcat JSON: as JSON while that can be believed, by the pattern's order when it cannot.
#include "parsers/tomcat_json.h"

#include <simdjson.h>

#include "parsers/json_fields.h"
#include "parsers/tomcat_raw_line.h"

namespace routerate {
namespace {

using enum LogField;

// The pattern's keys, and names that say the unit for %D and %F, whose unit depends on the version
// (configs/tomcat). "method" holds the whole request line.
constexpr KeyName kKeys[] = {
    {"clientip", kClient},    {"authenticated", kUser},     {"AccessTime", kLocalTime},
    {"method", kMethod},      {"status", kStatus},          {"SendBytes", kBytes},
    {"Query?string", kQuery}, {"partner", kReferer},        {"AgentVersion", kAgent},
    {"duration_ms", kMillis}, {"duration_us", kMicros},     {"duration_s", kSeconds},
    {"D", kMillis},           {"commit_ms", kCommitMillis}, {"F", kCommitMillis},
    {"host", kHttpHost},
};
constexpr KeyTable kTable(kKeys);

// Headers and user, escaped by a server that escapes.
bool UnescapeTexts(LogFields* fields, TextScratch* scratch) {
  for (const LogField field : {kUser, kReferer, kAgent}) {
    const auto text = Unescape((*fields)[field], Escapes::kTomcat, scratch);
    if (!text) return false;
    (*fields)[field] = *text;
  }
  return true;
}

bool ShowsNoEscaping(const LogFields& fields) {
  return !IsJsonText(fields[kUser]) || !IsJsonText(fields[kReferer]) || !IsJsonText(fields[kAgent]);
}

}  // namespace

const KeyTable& TomcatKeys() { return kTable; }

std::expected<AccessEvent, Rejection> TomcatJson::Parse(std::string_view line, const KeyTable& keys,
                                                        TextScratch* scratch) {
  LogFields fields;
  std::expected<JsonShape, Rejection> shape;
  if (!escapes_nothing_) {
    shape = ReadJsonFields(line, keys, Escapes::kTomcat, scratch, &fields);
    if (shape && !shape->repeated && shape->keys <= fewest_keys_) {
      fewest_keys_ = shape->keys;
      return AccessEventFrom(fields, line);
    }
  }
  if (ReadByPattern(line, scratch, &fields)) return AccessEventFrom(fields, line);
  fields = {};
  shape = ReadJsonFields(line, keys, Escapes::kTomcat, scratch, &fields);
  if (!shape) return std::unexpected(shape.error());
  return AccessEventFrom(fields, line);
}

bool TomcatJson::ReadByPattern(std::string_view line, TextScratch* scratch, LogFields* fields) {
  *fields = {};
  if (!simdjson::validate_utf8(line) || !SplitTomcatLine(line, fields)) return false;
  escapes_nothing_ = escapes_nothing_ || ShowsNoEscaping(*fields);
  scratch->Begin(UnescapeRoom(line.size()));
  return escapes_nothing_ || UnescapeTexts(fields, scratch);
}

}  // namespace routerate
