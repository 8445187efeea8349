// One log line, by its file's format. What a line says is the format's business; here is what
// concerns all of them: the line's end, bytes that are not UTF-8, and which format a file is in if
// nobody said.
#include "parsers/line_parser.h"

#include <simdjson.h>

#include <array>
#include <utility>

#include "parsers/combined_line.h"
#include "parsers/nginx_json.h"
#include "parsers/text_scratch.h"
#include "parsers/tomcat_json.h"
#include "parsers/utf8.h"

namespace routerate {
namespace {

constexpr std::array<std::string_view, kRejectReasonCount> kReasonNames = {
    "empty",   "not_json", "not_combined", "ambiguous",
    "no_time", "bad_time", "bad_number",   "unknown_format"};

// What a line looks like. nginx escapes quotes and tomcat writes its keys before a client's text,
// so a client cannot make one look like the other.
LogFormat GuessFormat(std::string_view line) {
  if (!line.starts_with('{')) return LogFormat::kCombined;
  const bool pattern = line.find("\"AccessTime\":\"[") != std::string_view::npos;
  return pattern || IsTomcatValveLine(line) ? LogFormat::kTomcat : LogFormat::kNginx;
}

}  // namespace

std::string_view RejectReasonName(RejectReason reason) {
  return kReasonNames[static_cast<std::size_t>(reason)];
}

struct LineParser::State {
  explicit State(const LineFormat& f)
      : format(f), nginx(f.nginx_keys()), tomcat(f.tomcat_keys(), f.tomcat_valve_keys()) {}

  const LineFormat& format;
  LogFormat learnt = LogFormat::kAuto;  // of a file whose format nobody said
  NginxJson nginx;
  TomcatJson tomcat;
  TimestampMemo times;
  TextScratch texts;
  TextScratch valid;  // a line that was not UTF-8
  bool repaired = false;

  using MaybeRejection = std::optional<Rejection>;

  MaybeRejection ParseAs(LogFormat as, std::string_view line, AccessEvent* event) {
    if (as == LogFormat::kAuto) return ParseAuto(line, event);
    LogFields fields;
    if (auto rejection = ReadAs(as, line, &fields)) return rejection;
    return ReadAccessEvent(fields, line, &times, event);
  }

  MaybeRejection ReadAs(LogFormat as, std::string_view line, LogFields* fields) {
    MaybeRejection rejection;
    if (as == LogFormat::kNginx) {
      rejection = nginx.Read(line, &texts, fields);
      repaired = nginx.repaired();
    } else if (as == LogFormat::kTomcat) {
      rejection = tomcat.Read(line, &texts, fields);
      repaired = tomcat.repaired();
    } else {
      rejection = ReadCombinedLine(line, &texts, fields);
      repaired = false;
    }
    return rejection;
  }

  // A file may change its format when its server is configured anew, so a line that does not fit is
  // looked at again.
  MaybeRejection ParseAuto(std::string_view line, AccessEvent* event) {
    MaybeRejection rejection = Rejection{RejectReason::kUnknown, 1};
    if (learnt != LogFormat::kAuto) rejection = ParseAs(learnt, line, event);
    if (!rejection) return rejection;
    const LogFormat guess = GuessFormat(line);
    if (guess == learnt) return rejection;
    *event = {};
    if (ParseAs(guess, line, event)) return rejection;
    learnt = guess;
    return std::nullopt;
  }

  MaybeRejection Parse(std::string_view line, AccessEvent* event) {
    repaired = false;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
      return Rejection{RejectReason::kEmpty, 1};
    }
    auto rejection = ParseAs(format.format(), line, event);
    if (!rejection || simdjson::validate_utf8(line)) return rejection;
    const std::size_t column = rejection->column;  // in the line as it is
    *event = {};
    rejection = ParseAs(format.format(), Repair(line), event);
    if (rejection) rejection->column = column;
    repaired = true;
    return rejection;
  }

  // The same line in valid UTF-8, with its padding.
  std::string_view Repair(std::string_view line) {
    valid.Begin(RepairUtf8Room(line.size()) + kLinePadding);
    return RepairUtf8(line, &valid);
  }
};

LineParser::LineParser(const LineFormat& format) : state_(std::make_unique<State>(format)) {}
LineParser::~LineParser() = default;
LineParser::LineParser(LineParser&&) noexcept = default;
LineParser& LineParser::operator=(LineParser&&) noexcept = default;

// One variable is returned, so that it is made where the caller wants it.
std::expected<AccessEvent, Rejection> LineParser::Parse(std::string_view line) {
  std::expected<AccessEvent, Rejection> event;
  if (const auto rejection = state_->Parse(line, &*event)) event = std::unexpected(*rejection);
  return event;
}

bool LineParser::repaired() const { return state_->repaired; }

}  // namespace routerate
