// Brackets, commas, quotes and comments are all that is looked at. What a parser might see
// differently is found when the edited text is parsed again.
#include "inject/flow_text.h"

#include <algorithm>

namespace routerate {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Behind the quoted text that begins at `at`.
std::size_t PassQuoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote; ++at) {
    if (quote == '"' && text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

class FlowScan {
 public:
  FlowScan(std::string_view text, std::size_t inside) : text_(text), at_(inside) {
    found_.inside = inside;
  }

  std::optional<FlowText> Run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (depth_ == 0 && (c == '}' || c == ']')) {
        EndEntry();
        return found_;
      }
      Pass(c);
    }
    return std::nullopt;
  }

 private:
  void Pass(char c) {
    if (IsSpace(c)) {
      ++at_;
    } else if (c == '#' && IsSpace(text_[at_ - 1])) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == ',' && depth_ == 0) {
      EndEntry();
      ++at_;
    } else {
      PassEntryByte(c);
    }
  }
  // A quote in the middle of a plain text is none.
  void PassEntryByte(char c) {
    if (end_ == 0) begin_ = at_;
    const bool starts =
        end_ == 0 || end_ < at_ || std::string_view("{[,:").contains(text_[at_ - 1]);
    if (c == '{' || c == '[') ++depth_;
    if (c == '}' || c == ']') --depth_;
    at_ = (c == '"' || c == '\'') && starts ? PassQuoted(text_, at_) : at_ + 1;
    end_ = at_;
  }
  void EndEntry() {
    if (end_ != 0) found_.entries.push_back({begin_, end_});
    end_ = 0;
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t depth_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;  // 0: no entry has begun
  FlowText found_;
};

}  // namespace

std::optional<FlowText> ScanFlow(std::string_view text, std::size_t offset) {
  const std::size_t open = text.find_first_of("{[", offset);
  if (open == std::string_view::npos) return std::nullopt;
  return FlowScan(text, open + 1).Run();
}

}  // namespace routerate
