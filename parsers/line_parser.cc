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
  const bool tomcat = line.find("\"AccessTime\":\"[") != std::string_view::npos;
  return tomcat ? LogFormat::kTomcat : LogFormat::kNginx;
}

}  // namespace

std::string_view RejectReasonName(RejectReason reason) {
  return kReasonNames[static_cast<std::size_t>(reason)];
}

struct LineParser::State {
  using Outcome = std::expected<AccessEvent, Rejection>;

  const LineFormat* format = nullptr;
  LogFormat learnt = LogFormat::kAuto;  // of a file whose format nobody said
  TomcatJson tomcat;
  TextScratch texts;
  TextScratch repaired;  // a line that was not UTF-8
  bool was_repaired = false;

  Outcome ParseAs(LogFormat as, std::string_view line) {
    switch (as) {
      case LogFormat::kNginx:
        return ParseNginxJson(line, format->nginx_keys(), &texts);
      case LogFormat::kTomcat:
        return tomcat.Parse(line, format->tomcat_keys(), &texts);
      case LogFormat::kCombined:
        return ParseCombinedLine(line, &texts);
      case LogFormat::kAuto:
        break;
    }
    return ParseAuto(line);
  }

  // A file may change its format when its server is configured anew, so a line that does not fit is
  // looked at again.
  Outcome ParseAuto(std::string_view line) {
    Outcome outcome = std::unexpected(Rejection{RejectReason::kUnknown, 1});
    if (learnt != LogFormat::kAuto) outcome = ParseAs(learnt, line);
    if (outcome) return outcome;
    const LogFormat guess = GuessFormat(line);
    if (guess == learnt) return outcome;
    Outcome guessed = ParseAs(guess, line);
    if (!guessed) return outcome;
    learnt = guess;
    return guessed;
  }

  // The same line in valid UTF-8, with its padding.
  std::string_view Repair(std::string_view line) {
    repaired.Begin(RepairUtf8Room(line.size()) + kLinePadding);
    return RepairUtf8(line, &repaired);
  }
};

LineParser::LineParser(const LineFormat& format) : state_(std::make_unique<State>()) {
  state_->format = &format;
}
LineParser::~LineParser() = default;
LineParser::LineParser(LineParser&&) noexcept = default;
LineParser& LineParser::operator=(LineParser&&) noexcept = default;

std::expected<AccessEvent, Rejection> LineParser::Parse(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
    return std::unexpected(Rejection{RejectReason::kEmpty, 1});
  }
  const LogFormat as = state_->format->format();
  const auto outcome = state_->ParseAs(as, line);
  state_->was_repaired = false;
  if (outcome || simdjson::validate_utf8(line)) return outcome;
  state_->was_repaired = true;
  return state_->ParseAs(as, state_->Repair(line));
}

bool LineParser::repaired() const { return state_->was_repaired; }

}  // namespace routerate
