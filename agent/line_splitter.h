// Bytes to lines. Pure: knows no file. A line ends at "\n" and at nothing else (U+2028, \v, \f and
// a lone \r are content); "\r\n" is accepted. An unterminated tail is not a line, and a NUL byte is
// a place that is not written yet, never content.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace routerate {

class LineSplitter {
 public:
  struct Outcome {
    std::size_t consumed = 0;         // bytes done with: lines, and what was skipped of long ones
    std::size_t last_line_end = 0;    // of these, up to the last newline
    std::uint64_t lines = 0;          // given to visit
    std::uint64_t skipped_bytes = 0;  // of lines over max_line, their newlines included
    bool blocked_by_nul = false;      // data[consumed..] has a NUL before its next newline
  };

  explicit LineSplitter(std::uint64_t max_line) : max_line_(max_line) {}

  enum class Visited { kGoOn, kStop };

  // Calls visit(position in data, line) for each complete line until it says kStop; that line is
  // consumed. The views live as long as `data`.
  template <typename Visit>
  Outcome Split(std::string_view data, Visit&& visit) {
    Outcome outcome;
    const std::size_t nul = data.find('\0');
    if (nul != std::string_view::npos) data = data.substr(0, nul);
    while (outcome.consumed < data.size()) {
      const std::string_view rest = data.substr(outcome.consumed);
      const std::size_t end = rest.find('\n');
      if (end == std::string_view::npos) {
        SkipIfTooLong(rest, &outcome);
        break;
      }
      const Visited visited = TakeLine(rest.substr(0, end), &outcome, visit);
      outcome.consumed += end + 1;
      outcome.last_line_end = outcome.consumed;
      ++line_ends_;
      if (visited == Visited::kStop) return outcome;
    }
    outcome.blocked_by_nul = nul != std::string_view::npos;
    return outcome;
  }

  // Inside a line over max_line, whose end was not given yet.
  bool skipping() const { return skipping_; }

  // Newlines passed, those of skipped lines too; while a line is visited, those before it.
  std::uint64_t line_ends() const { return line_ends_; }

  // The next byte given is the first of a line, with so many newlines before it: after going back,
  // say.
  void Restart(std::uint64_t line_ends) {
    skipping_ = false;
    line_ends_ = line_ends;
  }

 private:
  template <typename Visit>
  Visited TakeLine(std::string_view line, Outcome* outcome, Visit&& visit) {
    if (skipping_) {
      skipping_ = false;
      outcome->skipped_bytes += line.size() + 1;
    } else if (line.size() > max_line_) {
      outcome->skipped_bytes += line.size() + 1;
    } else {
      if (line.ends_with('\r')) line.remove_suffix(1);
      ++outcome->lines;
      return visit(outcome->consumed, line);
    }
    return Visited::kGoOn;
  }

  void SkipIfTooLong(std::string_view tail, Outcome* outcome) {
    if (!skipping_ && tail.size() <= max_line_) return;
    skipping_ = true;
    outcome->skipped_bytes += tail.size();
    outcome->consumed += tail.size();
  }

  std::uint64_t max_line_;
  std::uint64_t line_ends_ = 0;
  bool skipping_ = false;  // inside a line over max_line_
};

}  // namespace routerate
