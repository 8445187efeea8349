// An event against what its line tells, field by field.
#include "tests/parsers/hostile_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "tests/parsers/hostile_escapes.h"

namespace routerate {
namespace {

class EventCheck {
 public:
  EventCheck(const LogDialect& dialect, const HostileLine& line, const AccessEvent& event)
      : dialect_(dialect),
        line_(line),
        event_(event),
        told_(dialect.tell(line.sent)),
        bare_(dialect.bare == BareParts::kAll) {}

  std::string Run() {
    Number("ts_ms", event_.ts_ms, told_.ts_ms);
    Number("status", event_.status, told_.status);
    Number("bytes", event_.bytes, told_.bytes);
    Text("client", event_.client, told_.client);
    CheckDuration();
    CheckClientTexts();
    return wrong_;
  }

 private:
  void Wrong(std::string_view field, std::string_view read, std::string_view told) {
    if (wrong_.empty()) wrong_ = fmt::format("{} is '{}', not '{}'", field, read, told);
  }
  void Number(std::string_view field, std::int64_t read, std::int64_t told) {
    if (read != told) Wrong(field, std::to_string(read), std::to_string(told));
  }
  void Text(std::string_view field, std::string_view read, std::string_view told) {
    if (read != told) Wrong(field, read, told);
  }

  void CheckDuration() {
    const bool believed = told_.duration_us < 0 && dialect_.bare != BareParts::kNone &&
                          (!line_.pattern_known || IsBareCombined());
    if (!believed) Number("duration_us", event_.duration_us, told_.duration_us);
  }

  void CheckClientTexts() {
    Header("user", ClientText::kUser, line_.sent.user, event_.user, told_.user);
    if (!IsBareCombined()) {
      Header("referer", ClientText::kReferer, line_.sent.referer, event_.referer, told_.referer);
      Header("agent", ClientText::kAgent, line_.sent.agent, event_.agent, told_.agent);
    }
    // tomcat writes nothing of a request line that is none; what others write is the client's own.
    if (!line_.sent.garbage.empty() && dialect_.format != LogFormat::kTomcat) return;
    Header("host", ClientText::kHost, line_.sent.host, event_.host, told_.host);
    CheckRequest();
  }

  void CheckRequest() {
    Text("method", event_.method, told_.method);
    const bool escapes = dialect_.bare == BareParts::kNone || ShowsBareness();
    if (!escapes && HasEscapes(line_.sent.target)) return;
    if (MayBeEscaped(line_.sent.target)) return;
    Text("path", event_.path, told_.path);
    Text("query", event_.query, told_.query);
  }

  void Header(std::string_view field, ClientText which, std::string_view sent,
              std::string_view read, std::string_view told) {
    if (MayBeEscaped(sent)) return;
    // What ends a user name is certain; where it begins may not be, behind other texts.
    const bool certain = which == ClientText::kUser && dialect_.is_usual;
    const bool let_pass =
        !certain && IsAmbiguous() && (read.empty() || read == CutAtSeparator(which, sent));
    if (!let_pass) Text(field, read, told);
  }

  // A text's own end may be the beginning of the separator behind it.
  std::string CutAtSeparator(ClientText which, std::string_view sent) const {
    for (const TextEnd& end : dialect_.ends) {
      if (end.text != which && &end != &dialect_.ends.back()) continue;
      const std::string whole = std::string(sent) + end.separator;
      return VisibleUtf8(whole.substr(0, whole.find(end.separator)));
    }
    return VisibleUtf8(sent);
  }

  bool IsBareCombined() const { return bare_ && dialect_.format == LogFormat::kCombined; }

  // Whether this line or one before shows that user and headers are bare.
  bool ShowsBareness() const {
    if (!bare_) return false;
    const SentRequest& sent = line_.sent;
    return line_.bareness_known || !LooksEscaped(sent.user) || !LooksEscaped(sent.referer) ||
           !LooksEscaped(sent.agent) || (told_.host != "" && !LooksEscaped(sent.host));
  }
  static bool HasEscapes(std::string_view text) {
    return text.find('\\') != std::string_view::npos && LooksEscaped(text);
  }
  bool MayBeEscaped(std::string_view text) const {
    const bool backslash = text.find('\\') != std::string_view::npos;
    if (IsBareCombined()) return backslash;
    return bare_ && backslash && !ShowsBareness() && LooksEscaped(text);
  }

  // Whether one of the separators stands more than once in what the client sent, joined by them.
  bool IsAmbiguous() const {
    if (!bare_) return false;
    const SentRequest& sent = line_.sent;
    const std::string texts[] = {sent.referer, sent.agent, sent.host};
    std::string joined;
    for (std::size_t i = 0; i < std::size(texts); ++i) {
      joined += texts[i];
      if (i < dialect_.ends.size()) joined += dialect_.ends[i].separator;
    }
    return std::ranges::any_of(dialect_.ends, [&](const TextEnd& end) {
      return joined.find(end.separator) != joined.rfind(end.separator);
    });
  }

  const LogDialect& dialect_;
  const HostileLine& line_;
  const AccessEvent& event_;
  const ToldRequest told_;
  const bool bare_;  // user and headers, too
  std::string wrong_;
};

}  // namespace

std::string WrongField(const LogDialect& dialect, const HostileLine& line,
                       const AccessEvent& event) {
  return EventCheck(dialect, line, event).Run();
}

}  // namespace routerate
