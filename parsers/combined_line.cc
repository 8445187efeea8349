// Combined lines, left to right. The one thing to be careful of: user names and addresses stand
// bare before the time, and a client may choose the name. But no server writes a bare quote of his,
// so the first `] "` in a line ends the true time.
#include "parsers/combined_line.h"

#include <simdjson.h>

#include <cstddef>

#include "parsers/log_fields.h"
#include "parsers/text_escapes.h"

namespace routerate {
namespace {

using enum LogField;

constexpr auto kNowhere = std::string_view::npos;

// Up to the next blank, which is taken too.
std::string_view TakeWord(std::string_view* rest) {
  const std::size_t blank = rest->find(' ');
  const std::string_view word = rest->substr(0, blank);
  rest->remove_prefix(blank == kNowhere ? rest->size() : blank + 1);
  return word;
}

// Whether the character at `position` is shielded by an odd number of backslashes before it.
bool IsEscaped(std::string_view text, std::size_t position) {
  std::size_t backslashes = 0;
  while (backslashes < position && text[position - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

// A text in quotes, in which a backslash shields the character behind it, and the blank behind it.
// False if there is none.
bool TakeQuoted(std::string_view* rest, std::string_view* out) {
  if (!rest->starts_with('"')) return false;
  std::size_t end = rest->find('"', 1);
  while (end != kNowhere && IsEscaped(*rest, end)) end = rest->find('"', end + 1);
  if (end == kNowhere) return false;
  *out = rest->substr(1, end - 1);
  rest->remove_prefix(end + 1);
  if (rest->starts_with(' ')) rest->remove_prefix(1);
  return true;
}

// Client, user and time: all in front of the first quote. False if they are not there.
bool TakeHead(std::string_view* rest, LogFields* fields) {
  const std::size_t quote = rest->find("] \"");
  if (quote == kNowhere) return false;
  std::string_view head = rest->substr(0, quote + 1);
  const std::size_t time = head.rfind(" [");
  if (time == kNowhere) return false;
  (*fields)[kLocalTime] = head.substr(time + 1);
  head = head.substr(0, time);
  (*fields)[kClient] = TakeWord(&head);
  TakeWord(&head);
  (*fields)[kUser] = head;
  rest->remove_prefix(quote + 2);
  return true;
}

// "0.012", "rt=0.012"; empty for any other word.
std::string_view SecondsIn(std::string_view word) {
  if (const std::size_t equals = word.rfind('='); equals != kNowhere)
    word.remove_prefix(equals + 1);
  const bool number = word.find_first_not_of("0123456789.") == kNowhere;
  return number && word.find('.') != kNowhere ? word : std::string_view();
}

void ReadTail(std::string_view rest, LogFields* fields) {
  while (!rest.empty() && fields->Value(kSeconds).empty()) {
    std::string_view skipped;
    if (TakeQuoted(&rest, &skipped)) continue;
    (*fields)[kSeconds] = SecondsIn(TakeWord(&rest));
  }
}

void UnescapeTexts(LogFields* fields, TextScratch* scratch) {
  for (const LogField field : {kUser, kRequest, kReferer, kAgent}) {
    // An escape of a dialect that is not known here stays as it is.
    const auto text = Unescape((*fields)[field], Escapes::kNginx, scratch);
    if (text) (*fields)[field] = *text;
  }
}

}  // namespace

std::expected<AccessEvent, Rejection> ParseCombinedLine(std::string_view line,
                                                        TextScratch* scratch) {
  LogFields fields;
  std::string_view rest = line;
  const auto reject_here = [&] {
    const auto column = static_cast<std::size_t>(rest.data() - line.data()) + 1;
    return std::unexpected(Rejection{RejectReason::kNotCombined, column});
  };
  if (!simdjson::validate_utf8(line) || !TakeHead(&rest, &fields)) return reject_here();
  if (!TakeQuoted(&rest, &fields[kRequest])) return reject_here();
  fields[kStatus] = TakeWord(&rest);
  fields[kBytes] = TakeWord(&rest);
  if (fields[kBytes].empty()) return reject_here();
  if (TakeQuoted(&rest, &fields[kReferer]) && TakeQuoted(&rest, &fields[kAgent])) {
    ReadTail(rest, &fields);
  }
  scratch->Begin(UnescapeRoom(line.size()));
  UnescapeTexts(&fields, scratch);
  return AccessEventFrom(fields, line);
}

}  // namespace routerate
