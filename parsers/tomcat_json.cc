// tomcat JSON: as JSON while the line has the keys that are expected, by the server's punctuation
// when it has not.
#include "parsers/tomcat_json.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "parsers/line_parser.h"
#include "parsers/loose_json.h"

namespace routerate {
namespace {

using enum LogField;

// The pattern's keys, and names that say the unit for %D and %F, whose unit depends on the version
// (configs/tomcat). "method" holds the whole request line.
constexpr KeyName kPatternKeys[] = {
    {"clientip", kClient},
    {"ClientUser", kIdentity},
    {"authenticated", kUser},
    {"AccessTime", kLocalTime},
    {"method", kMethod},
    {"status", kStatus},
    {"SendBytes", kBytes},
    {"Query?string", kQuery},
    {"partner", kReferer},
    {"AgentVersion", kAgent},
    {"duration_ms", kMillis},
    {"duration_us", kMicros},
    {"duration_s", kSeconds},
    {"D", kMillis},
    {"commit_ms", kCommitMillis},
    {"F", kCommitMillis},
    {"host", kHttpHost},
    // Patterns of one's own. One field for all times: which of two counts is not for the keys to
    // say.
    {"time", kLocalTime},
    {"timestamp", kLocalTime},
    {"@timestamp", kLocalTime},
    {"request", kRequest},
    {"uri", kRequestUri},
    {"path", kRequestUri},
    {"query", kQuery},
    {"bytes", kBytes},
    {"size", kBytes},
    {"body_bytes_sent", kBytes},
    {"elapsed_ms", kMillis},
    {"response_time_ms", kMillis},
    {"remote_addr", kClient},
    {"remoteAddr", kClient},
    {"remote_ip", kClient},
    {"client_ip", kClient},
    {"user", kUser},
    {"remote_user", kUser},
    {"referer", kReferer},
    {"http_referer", kReferer},
    {"user_agent", kAgent},
    {"userAgent", kAgent},
    {"http_user_agent", kAgent},
    {"agent", kAgent},
    {"http_host", kHttpHost},
};
constexpr KeyTable kPatternTable(kPatternKeys);

// JsonAccessLogValve's names for the letters of a pattern, as its Javadoc lists them. Its %D is
// milliseconds up to tomcat 9 and microseconds after; `keys` in agent.yaml says so for those.
constexpr KeyName kValveKeys[] = {
    {"remoteAddr", kClient},
    {"host", kClient},
    {"logicalUserName", kIdentity},
    {"user", kUser},
    {"time", kLocalTime},
    {"method", kMethod},
    {"request", kRequest},
    {"path", kRequestUri},
    {"query", kQuery},
    {"statusCode", kStatus},
    {"size", kBytes},
    {"byteSentNC", kBytes},
    {"elapsedTime", kMillis},
    {"elapsedTimeS", kSeconds},
    {"firstByteTime", kCommitMillis},
    {"localServerName", kServerName},
    {"Referer", kReferer},
    {"User-Agent", kAgent},
    {"Host", kHttpHost},
};
constexpr KeyTable kValveTable(kValveKeys);

LineShape ShapeOf(std::string line, const KeyTable& keys) {
  const std::size_t size = line.size();
  line.resize(size + kLinePadding);
  LineShape shape;
  shape.Learn(std::string_view(line).substr(0, size), keys);
  return shape;
}

LineShape PatternShape(const std::string& behind_bytes) {
  return ShapeOf(R"({"clientip":"-","ClientUser":"-","authenticated":"-","AccessTime":"-",)"
                 R"("method":"-","status":"-","SendBytes":"-",)" +
                     behind_bytes + R"("Query?string":"-","partner":"-","AgentVersion":"-"})",
                 kPatternTable);
}

// The valve's, for tomcat's own two patterns "common" and "combined".
LineShape ValveShape(const std::string& behind_bytes) {
  return ShapeOf(R"({"host":"-","logicalUserName":"-","user":"-","time":"-","request":"-",)"
                 R"("statusCode":"-","size":"-")" +
                     behind_bytes + "}",
                 kValveTable);
}

// The patterns of configs/tomcat and of tomcat: for these a file's first line may be any line.
const std::array<LineShape, 5>& KnownShapes() {
  static const std::array<LineShape, 5> shapes = {
      PatternShape(""), PatternShape(R"("duration_ms":"-",)"),
      PatternShape(R"("duration_us":"-",)"), ValveShape(""),
      ValveShape(R"(,"requestHeaders": {"Referer":"-","User-Agent":"-"})")};
  return shapes;
}

constexpr std::array kClientTexts = {kUser, kReferer, kAgent, kHttpHost};
constexpr std::array kRequestTexts = {kMethod, kRequest, kRequestUri, kQuery};

bool HasBareText(const LogFields& fields, std::span<const LogField> texts) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](LogField field) { return !IsJsonText(fields[field]); });
}

}  // namespace

const KeyTable& TomcatKeys() { return kPatternTable; }
const KeyTable& TomcatValveKeys() { return kValveTable; }

// Both write the time before anything of a client's but the user name, which holds no colon.
bool IsTomcatValveLine(std::string_view line) {
  return line.find(R"("time":"[)") < line.find(R"("AccessTime":"[)") &&
         line.find(R"("statusCode":)") != std::string_view::npos;
}

std::optional<Rejection> TomcatJson::Read(std::string_view line, TextScratch* scratch,
                                          LogFields* fields) {
  repaired_ = false;
  if (shape_.size() == 0) MeetFirst(line);
  const JsonResult json = ReadJsonFields(line, *keys_, shape_, fields);
  if (json && json->as_expected && !MayHideQuotes(line)) {
    const auto done = UnescapeTexts(line, Escapes::kTomcat, bare_, scratch, fields);
    if (done == Unescaped::kNothing) return std::nullopt;
    repaired_ = done == Unescaped::kUnknown ||
                (bare_ == BareTexts::kRequest && HasBareText(*fields, kRequestTexts));
    if (done == Unescaped::kAll) return std::nullopt;
  }
  return Repair(line, json, scratch, fields);
}

// A backslash that is a client's own makes JSON take the quote behind it for text.
bool TomcatJson::MayHideQuotes(std::string_view line) const {
  return bare_ == BareTexts::kAll && line.find('\\') != std::string_view::npos;
}

void TomcatJson::MeetFirst(std::string_view line) {
  keys_ = IsTomcatValveLine(line) ? &valve_keys_ : &pattern_keys_;
  for (const LineShape& known : KnownShapes()) {
    LogFields fields;
    if (known.Split(line, &fields) != LineShape::Outcome::kNot) shape_ = LineShape(known, *keys_);
  }
  if (shape_.size() == 0) Adopt(line);
}

void TomcatJson::Adopt(std::string_view line) {
  candidate_.Learn(line, *keys_);
  if (candidate_.HasRepeatedKey()) return;
  std::swap(shape_, candidate_);
  bare_ = BareTexts::kNone;
}

std::optional<Rejection> TomcatJson::Repair(std::string_view line, const JsonResult& json,
                                            TextScratch* scratch, LogFields* fields) {
  if (!json && !simdjson::validate_utf8(line)) return Rejection{RejectReason::kNotJson, 1};
  *fields = {};
  auto outcome = shape_.Split(line, fields);
  if (outcome == LineShape::Outcome::kNot) {
    if (!json) return NotJson(line);
    outcome = ReadAsItIs(line, fields);
  }
  if (outcome == LineShape::Outcome::kAmbiguous) return Rejection{RejectReason::kAmbiguous, 1};
  if (outcome == LineShape::Outcome::kSplitBare) bare_ = BareTexts::kAll;
  const bool bare = NoteBareTexts(*fields);
  repaired_ = repaired_ || bare || !json || !json->as_expected;
  const auto done = UnescapeTexts(line, Escapes::kTomcat, bare_, scratch, fields);
  repaired_ = repaired_ || done == Unescaped::kUnknown;
  return std::nullopt;
}

// JSON, but not of this shape: the server was given another pattern, for all that a forger can make
// of a line of this shape is of this shape, too. A longer pattern that looks like a forgery, since
// its new keys stand behind a client's text, is not believed in this file; it will be in the next.
LineShape::Outcome TomcatJson::ReadAsItIs(std::string_view line, LogFields* fields) {
  Adopt(line);
  (void)ReadJsonFields(line, *keys_, shape_, fields);  // was read before
  candidate_.Learn(line, *keys_);
  return candidate_.ForgetRepeated(fields);
}

bool TomcatJson::NoteBareTexts(const LogFields& fields) {
  const bool client = HasBareText(fields, kClientTexts);
  const bool request = HasBareText(fields, kRequestTexts);
  if (client) bare_ = BareTexts::kAll;
  if (request && bare_ == BareTexts::kNone) bare_ = BareTexts::kRequest;
  return client || request;
}

}  // namespace routerate
