// The pattern of DESIGN.md 3, read left to right: what must come next is known at each step.
#include "parsers/tomcat_raw_line.h"

#include <cstddef>

namespace routerate {
namespace {

using enum LogField;

constexpr auto kNowhere = std::string_view::npos;

// What is left of the line. Each step fails for good when what it expects is not there.
class PatternReader {
 public:
  explicit PatternReader(std::string_view line) : rest_(line) {}

  bool Literal(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  // Up to the first `end`, which is taken too.
  bool Until(std::string_view end, std::string_view* out) {
    return TakeTo(rest_.find(end), end, out);
  }

  // Up to the first quote.
  bool Word(std::string_view* out) {
    const std::size_t quote = rest_.find('"');
    if (quote == kNowhere) return false;
    *out = rest_.substr(0, quote);
    rest_.remove_prefix(quote);
    return true;
  }

  // A request line: method, target without blanks, and a version without quotes.
  bool RequestLine(std::string_view* out) {
    const std::size_t target = rest_.find(' ');
    const std::size_t quote = rest_.find('"');
    if (quote < target) return Word(out);  // "-"
    if (target == kNowhere) return false;
    const std::size_t version = rest_.find(' ', target + 1);
    if (version == kNowhere) return false;
    return TakeTo(rest_.find('"', version), "", out);
  }

  // A query as %q writes it. `query` is what the request line had, its '?' included.
  bool Query(std::string_view query, std::string_view* out) {
    const std::size_t size = rest_.starts_with(query) ? query.size() : 0;
    if (rest_.substr(size).starts_with("\",\"partner\":\"")) {
      *out = rest_.substr(0, size);
      rest_.remove_prefix(size);
      return true;
    }
    return Word(out);
  }

  // All but the `end` that the line has at its end.
  bool Remainder(std::string_view end, std::string_view* out) {
    if (!rest_.ends_with(end)) return false;
    *out = rest_.substr(0, rest_.size() - end.size());
    return true;
  }

 private:
  bool TakeTo(std::size_t position, std::string_view end, std::string_view* out) {
    if (position == kNowhere) return false;
    *out = rest_.substr(0, position);
    rest_.remove_prefix(position + end.size());
    return true;
  }

  std::string_view rest_;
};

std::string_view QueryOf(std::string_view request_line) {
  const std::size_t target = request_line.find(' ');
  const std::size_t mark = request_line.find('?');
  if (target == kNowhere || mark == kNowhere) return {};
  return request_line.substr(mark, request_line.find(' ', target + 1) - mark);
}

}  // namespace

bool SplitTomcatLine(std::string_view line, LogFields* fields) {
  LogFields& out = *fields;
  PatternReader in(line);
  std::string_view identity;
  const bool head = in.Literal("{\"clientip\":\"") && in.Word(&out[kClient]) &&
                    in.Literal("\",\"ClientUser\":\"") && in.Word(&identity) &&
                    in.Literal("\",\"authenticated\":\"") &&
                    in.Until("\",\"AccessTime\":\"", &out[kUser]) && in.Word(&out[kLocalTime]) &&
                    in.Literal("\",\"method\":\"") && in.RequestLine(&out[kMethod]) &&
                    in.Literal("\",\"status\":\"") && in.Word(&out[kStatus]) &&
                    in.Literal("\",\"SendBytes\":\"") && in.Word(&out[kBytes]);
  if (!head) return false;
  if (in.Literal("\",\"duration_ms\":\"") && !in.Word(&out[kMillis])) return false;
  if (in.Literal("\",\"duration_us\":\"") && !in.Word(&out[kMicros])) return false;
  return in.Literal("\",\"Query?string\":\"") && in.Query(QueryOf(out[kMethod]), &out[kQuery]) &&
         in.Literal("\",\"partner\":\"") && in.Until("\",\"AgentVersion\":\"", &out[kReferer]) &&
         in.Remainder("\"}", &out[kAgent]);
}

bool IsJsonText(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || (c >= 0 && c < ' ')) return false;
    if (c != '\\') continue;
    ++i;
    constexpr std::string_view kLetters = "\"\\/bfnrtu";
    if (i == text.size() || kLetters.find(text[i]) == kNowhere) return false;
  }
  return true;
}

}  // namespace routerate
