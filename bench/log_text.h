// The logs that are read: recorded ones (tests/corpora), repeated until they are long enough, and
// generated lines of the format in configs/nginx.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/line_format.h"

namespace routerate::bench {

// Which keys a JSON log has; references must know.
enum class LogLayout { kNginxDefault, kNginxRich, kNginxOurs, kTomcat, kNoJson };

struct LogKind {
  std::string_view name;
  LogLayout layout;
  LogFormat format;
  std::vector<std::string_view> files;  // of tests/corpora, without .log.gz; none: generated
  std::string_view clean;               // of damaged lines: the log to compare with
};
std::span<const LogKind> LogKinds();

// Whole lines, each with its "\n", and kLinePadding bytes behind the last.
class LogText {
 public:
  LogText(std::string text, std::uint64_t lines);
  std::string_view text() const { return std::string_view(storage_).substr(0, size_); }
  std::uint64_t lines() const { return lines_; }

 private:
  std::string storage_;
  std::size_t size_;
  std::uint64_t lines_;
};

// Calls visit(line), without its newline, for each whole line.
template <typename Visit>
void ForEachLine(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const void* const found = std::memchr(text.data(), '\n', text.size());
    if (found == nullptr) return;
    const auto size = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    visit(text.substr(0, size));
    text.remove_prefix(size + 1);
  }
}

// Reads each log once, when it is first asked for. A corpus that cannot be read ends the program.
class LogTexts {
 public:
  LogTexts(std::string corpora, std::uint64_t lines)
      : corpora_(std::move(corpora)), lines_(lines) {}
  // Lives as long as this.
  const LogText& Of(const LogKind& kind);

 private:
  std::string Excerpt(const LogKind& kind) const;

  std::string corpora_;  // folder
  std::uint64_t lines_;  // a log
  std::map<std::string_view, LogText> texts_;
};

}  // namespace routerate::bench
