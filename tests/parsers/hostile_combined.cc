// Model servers of the combined format. Each escapes in a way of its own.
#include <fmt/format.h>

#include "tests/parsers/hostile_escapes.h"
#include "tests/parsers/hostile_lines.h"
#include "tests/parsers/hostile_servers.h"

namespace routerate {
namespace {

enum class Tail { kNone, kForwardedForAndSeconds };

template <TextWriter kWrite, Tail kTail>
std::string Write(const SentRequest& r) {
  std::string line = fmt::format(R"({} - {} {} "{}" {} {} "{}" "{}")", r.client,
                                 OrDash<kWrite>(r.user), ClfTime(r), kWrite(SentLine(r)), r.status,
                                 r.bytes, OrDash<kWrite>(r.referer), OrDash<kWrite>(r.agent));
  if (kTail == Tail::kNone) return line;
  return fmt::format(R"({} "{}" {})", line, OrDash<kWrite>(r.forwarded_for),
                     Seconds(r.duration_us / 1000));
}

// tomcat before 8.5.62; its word for what was no request line is "-".
std::string WriteBare(const SentRequest& r) {
  const std::string line = r.garbage.empty() ? SentLine(r) : "-";
  return fmt::format(R"({} - {} {} "{}{}" {} {} "{}" "{}")", r.client, OrDash<Bare>(r.user),
                     ClfTime(r), line, r.garbage.empty() && r.version.empty() ? " " : "", r.status,
                     r.bytes == 0 ? "-" : std::to_string(r.bytes), OrDash<Bare>(r.referer),
                     OrDash<Bare>(r.agent));
}

ToldRequest TellBare(const SentRequest& r) {
  ToldRequest told = TellCombined(r, VisibleUtf8);
  if (r.bytes == 0) told.bytes = -1;
  return told;
}

template <Tail kTail>
ToldRequest Tell(const SentRequest& r) {
  ToldRequest told = TellCombined(r, VisibleUtf8);
  if (kTail != Tail::kNone) told.duration_us = r.duration_us / 1000 * 1000;
  return told;
}

}  // namespace

std::vector<LogDialect> CombinedDialects() {
  using enum BareParts;
  constexpr LogFormat kFormat = LogFormat::kCombined;
  constexpr Tail kPlain = Tail::kNone;
  constexpr Tail kLonger = Tail::kForwardedForAndSeconds;
  return {
      {"combined, nginx", kFormat, kNone, Write<NginxDefault, kPlain>, Tell<kPlain>, {}},
      {"combined, nginx, longer", kFormat, kNone, Write<NginxDefault, kLonger>, Tell<kLonger>, {}},
      {"combined, Apache", kFormat, kNone, Write<ApacheEscaped, kPlain>, Tell<kPlain>, {}},
      {"combined, tomcat 8.5.47", kFormat, kAll, WriteBare, TellBare, {}},
      {"combined, Apache, longer",
       kFormat,
       kNone,
       Write<ApacheEscaped, kLonger>,
       Tell<kLonger>,
       {}},
  };
}

}  // namespace routerate
