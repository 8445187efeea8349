// An excerpt has up to 2,000 lines; repeated they are the same work for every workload that reads
// them, but a cache of paths meets few different ones (README.md).
#include "bench/log_text.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "bench/nginx_lines.h"
#include "parsers/line_parser.h"
#include "tests/packed_log.h"

namespace routerate::bench {
namespace {

using enum LogLayout;

const std::array<LogKind, 11> kKinds = {{
    {"nginx-default", kNginxDefault, LogFormat::kNginx, {"nginx-default"}, {}},
    {"nginx-json", kNginxRich, LogFormat::kNginx, {"nginx-json"}, {}},
    {"nginx-ours", kNginxOurs, LogFormat::kNginx, {}, {}},
    {"nginx-combined", kNoJson, LogFormat::kCombined, {"nginx-combined"}, {}},
    {"tomcat-10", kTomcat, LogFormat::kTomcat, {"tomcat-10"}, {}},
    {"tomcat-8.5.47", kTomcat, LogFormat::kTomcat, {"tomcat-8.5.47"}, {}},
    {"damaged-nginx-default",
     kNoJson,
     LogFormat::kNginx,
     {"nginx-default.damaged"},
     "nginx-default"},
    {"damaged-nginx-json", kNoJson, LogFormat::kNginx, {"nginx-json.damaged"}, "nginx-json"},
    {"damaged-tomcat-8.5.47",
     kNoJson,
     LogFormat::kTomcat,
     {"tomcat-8.5.47.damaged"},
     "tomcat-8.5.47"},
    {"damaged-tomcat-8.5.100",
     kNoJson,
     LogFormat::kTomcat,
     {"tomcat-8.5.100.damaged"},
     "tomcat-10"},
    {"mixed-tomcat-8.5.47",
     kNoJson,
     LogFormat::kTomcat,
     {"tomcat-8.5.47.damaged", "tomcat-8.5.47"},
     "tomcat-8.5.47"},
}};

std::uint64_t CountLines(std::string_view text) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

// `lines` lines of `excerpt`, over and over.
LogText Repeated(const std::string& excerpt, std::uint64_t lines) {
  const std::uint64_t at_once = CountLines(excerpt);
  RR_CHECK(at_once > 0);
  const std::uint64_t times = std::max<std::uint64_t>(1, lines / at_once);
  std::string text;
  text.reserve(excerpt.size() * times);
  for (std::uint64_t i = 0; i < times; ++i) text += excerpt;
  return {std::move(text), times * at_once};
}

}  // namespace

std::span<const LogKind> LogKinds() { return kKinds; }

LogText::LogText(std::string text, std::uint64_t lines)
    : storage_(std::move(text)), size_(storage_.size()), lines_(lines) {
  storage_.append(kLinePadding, ' ');
}

const LogText& LogTexts::Of(const LogKind& kind) {
  const auto known = texts_.find(kind.name);
  if (known != texts_.end()) return known->second;
  LogText text =
      kind.files.empty() ? LogText(NginxLines(lines_), lines_) : Repeated(Excerpt(kind), lines_);
  return texts_.emplace(kind.name, std::move(text)).first->second;
}

std::string LogTexts::Excerpt(const LogKind& kind) const {
  std::string excerpt;
  for (const std::string_view file : kind.files) {
    const auto text = UnpackedFile(corpora_ + "/" + std::string(file) + ".log.gz");
    RR_CHECK(text.has_value());
    excerpt += *text;
  }
  return excerpt;
}

}  // namespace routerate::bench
