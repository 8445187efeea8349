// Combined lines, left to right. User names and addresses stand bare before the time, and a client
// may choose the name; but it holds no colon (RFC 7617, 2), so the first text in brackets that does
// is the time. A request line ends at the quote that status and size follow: no target holds a
// blank, where a server lets quotes pass.
#include "parsers/combined_line.h"

#include <simdjson.h>

#include <cstddef>

#include "parsers/log_fields.h"
#include "parsers/nowhere.h"
#include "parsers/text_escapes.h"

namespace routerate {
namespace {

using enum LogField;

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

// The blank behind a text is taken, too.
void TakeText(std::size_t size, std::string_view* rest, std::string_view* out) {
  *out = rest->substr(1, size);
  rest->remove_prefix(size + 2);
  if (rest->starts_with(' ')) rest->remove_prefix(1);
}

// The first quote behind the one that `text` begins with, no backslash before it, for which
// ends_text(what is behind it).
template <typename Predicate>
std::size_t FindQuote(std::string_view text, Predicate&& ends_text) {
  for (std::size_t at = text.find('"', 1); at != kNowhere; at = text.find('"', at + 1)) {
    if (!IsEscaped(text, at) && ends_text(text.substr(at + 1))) return at;
  }
  return kNowhere;
}

// A text in quotes; a bare one in it is no end when more text follows at once. False if there is
// none.
bool TakeQuoted(std::string_view* rest, std::string_view* out) {
  if (!rest->starts_with('"')) return false;
  const auto at_end = [](std::string_view behind) {
    return behind.empty() || behind.front() == ' ';
  };
  std::size_t end = FindQuote(*rest, at_end);
  // The last text of a server that lets backslashes pass.
  if (end == kNowhere && rest->size() > 1 && rest->ends_with('"')) end = rest->size() - 1;
  if (end == kNowhere) return false;
  TakeText(end - 1, rest, out);
  return true;
}

bool IsStatusAndSize(std::string_view text) {
  if (!text.starts_with(' ')) return false;
  text.remove_prefix(1);
  const std::string_view status = TakeWord(&text);
  const std::string_view size = TakeWord(&text);
  const auto is_number = [](std::string_view word) {
    return !word.empty() && word.find_first_not_of("0123456789") == kNowhere;
  };
  return status.size() == 3 && is_number(status) && (size == "-" || is_number(size));
}

bool TakeRequest(std::string_view* rest, std::string_view* out) {
  if (!rest->starts_with('"')) return false;
  const std::size_t end = FindQuote(*rest, IsStatusAndSize);
  if (end == kNowhere) return TakeQuoted(rest, out);
  TakeText(end - 1, rest, out);
  return true;
}

// Where the time in brackets begins, with the blank before it.
std::size_t FindTime(std::string_view line) {
  constexpr std::string_view kEnd = "] \"";
  for (std::size_t end = line.find(kEnd); end != kNowhere; end = line.find(kEnd, end + 1)) {
    const std::size_t begin = line.rfind(" [", end);
    if (begin != kNowhere && line.substr(begin, end - begin).find(':') != kNowhere) return begin;
  }
  return kNowhere;
}

// Client, user and time. False if they are not there.
bool TakeHead(std::string_view* rest, LogFields* fields) {
  const std::size_t time = FindTime(*rest);
  if (time == kNowhere) return false;
  std::string_view head = rest->substr(0, time);
  const std::size_t end = rest->find(']', time) + 1;
  (*fields)[kLocalTime] = rest->substr(time + 1, end - time - 1);
  (*fields)[kClient] = TakeWord(&head);
  TakeWord(&head);
  (*fields)[kUser] = head;
  rest->remove_prefix(end + 1);
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
    const auto text = Unescape((*fields)[field], Escapes::kCombined, scratch);
    if (text) (*fields)[field] = *text;
  }
}

}  // namespace

std::optional<Rejection> ReadCombinedLine(std::string_view line, TextScratch* scratch,
                                          LogFields* fields_out) {
  LogFields& fields = *fields_out;
  std::string_view rest = line;
  const auto reject_here = [&] {
    const auto column = static_cast<std::size_t>(rest.data() - line.data()) + 1;
    return Rejection{RejectReason::kNotCombined, column};
  };
  if (!simdjson::validate_utf8(line) || !TakeHead(&rest, &fields)) return reject_here();
  if (!TakeRequest(&rest, &fields[kRequest])) return reject_here();
  fields[kStatus] = TakeWord(&rest);
  fields[kBytes] = TakeWord(&rest);
  if (fields[kBytes].empty()) return reject_here();
  if (TakeQuoted(&rest, &fields[kReferer]) && TakeQuoted(&rest, &fields[kAgent])) {
    ReadTail(rest, &fields);
  }
  scratch->Begin(UnescapeRoom(line.size()));
  UnescapeTexts(&fields, scratch);
  return std::nullopt;
}

}  // namespace routerate
