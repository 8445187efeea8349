// Each line is parsed in memory of its own with exactly the padding that was promised, so that the
// address sanitizer sees who reads past it; and by two parsers, which must agree.
#include "tests/fuzz/checked_log.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "tests/fuzz/checked_event.h"
#include "tests/parsers/parsed_line.h"

namespace routerate {
namespace {

// As the log's reader would say it; with whether the line was repaired.
std::string CheckedLine(LineParser* parser, std::string_view line) {
  const PaddedLine padded(line);
  const auto event = parser->Parse(padded.text());
  std::string told = parser->repaired() ? "repaired " : "";
  if (event) {
    CheckEventPromises(*event);
    AppendEvent(0, *event, &told);
    return told;
  }
  const Rejection& rejection = event.error();
  Promise(!RejectReasonName(rejection.reason).empty(), "a reason has a name", line);
  // One behind the end is where something is missing.
  Promise(rejection.column >= 1 && rejection.column <= line.size() + 1,
          "a rejection's column is within the line", line);
  return told + std::string(RejectReasonName(rejection.reason)) + std::to_string(rejection.column);
}

}  // namespace

void CheckLog(LogFormat format, const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  LineParser parser(LineFormat::Of(format));
  LineParser twin(LineFormat::Of(format));
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::string told = CheckedLine(&parser, line);
    Promise(told == CheckedLine(&twin, line), "a log has one meaning", line);
  }
}

}  // namespace routerate
