// Indentation tells which lines are a block's, whatever stands in them: a text of several lines is
// further to the right than what holds it.
#include "inject/block_text.h"

#include <algorithm>

namespace routerate {
namespace {

// A line of the text, without its line end.
struct Line {
  std::string_view text;
  std::size_t column;  // of its first byte that is no space
  bool blank;

  bool IsComment() const { return text[column] == '#'; }
  bool IsDash() const {
    return text[column] == '-' && (column + 1 == text.size() || text[column + 1] == ' ');
  }
};

Line LineAt(std::string_view text, std::size_t begin) {
  std::string_view line = text.substr(begin, LineEnd(text, begin) - begin);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t column = std::min(line.find_first_not_of(' '), line.size());
  return {line, column, line.find_first_not_of(" \t") == std::string_view::npos};
}

bool IsInside(const Line& line, std::size_t column, BlockKind kind) {
  if (line.column != column) return line.column > column;
  if (column == 0 && line.text.starts_with("...")) return false;
  if (kind == BlockKind::kMap) return true;
  return kind != BlockKind::kItem && line.IsDash();
}

class IndentFinder {
 public:
  explicit IndentFinder(std::string_view text) : text_(text) {}

  BlockIndent Find(const YamlNode& document) {
    Look(document);
    return {map_.value_or(2), sequence_.value_or(2)};
  }

 private:
  void Look(const YamlNode& node) {
    if (node.style == YamlNode::Style::kFlow) return;
    for (const YamlNode& item : node.items) {
      if (!map_ || !sequence_) Look(item);
    }
    for (const YamlEntry& entry : node.entries) {
      if (map_ && sequence_) return;
      if (!entry.value.IsEmpty() && !entry.value.IsScalar()) Compare(entry);
      Look(entry.value);
    }
  }
  void Compare(const YamlEntry& entry) {
    const YamlNode& value = entry.value;
    if (entry.key.offset == YamlNode::kNowhere || value.style == YamlNode::Style::kFlow) return;
    const std::size_t column = ColumnOf(text_, entry.key.offset);
    if (!map_ && value.IsMap()) map_ = Distance(column, value.entries.front().key.offset);
    if (!sequence_ && value.IsSequence()) {
      const auto dash = DashOf(text_, value.items.front());
      if (dash) sequence_ = ColumnOf(text_, *dash) - std::min(column, ColumnOf(text_, *dash));
    }
  }
  std::optional<std::size_t> Distance(std::size_t column, std::size_t offset) const {
    if (offset == YamlNode::kNowhere || ColumnOf(text_, offset) <= column) return std::nullopt;
    return ColumnOf(text_, offset) - column;
  }

  std::string_view text_;
  std::optional<std::size_t> map_;
  std::optional<std::size_t> sequence_;
};

}  // namespace

std::size_t LineBegin(std::string_view text, std::size_t offset) {
  if (offset == 0) return 0;
  const std::size_t before = text.rfind('\n', offset - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

std::size_t LineEnd(std::string_view text, std::size_t offset) {
  const std::size_t end = text.find('\n', offset);
  return end == std::string_view::npos ? text.size() : end + 1;
}

std::string_view LineEndOf(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end != std::string_view::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

std::optional<std::size_t> DashOf(std::string_view text, const YamlNode& item) {
  if (item.offset == YamlNode::kNowhere || item.offset == 0) return std::nullopt;
  const std::size_t before = text.find_last_not_of(' ', item.offset - 1);
  if (before == std::string_view::npos || text[before] != '-') return std::nullopt;
  return before;
}

std::size_t BlockEnd(std::string_view text, std::size_t offset, std::size_t column,
                     BlockKind kind) {
  std::size_t end = LineEnd(text, offset);
  for (std::size_t at = end; at < text.size(); at = LineEnd(text, at)) {
    const Line line = LineAt(text, at);
    if (line.blank) continue;
    if (IsInside(line, column, kind)) {
      end = LineEnd(text, at);
    } else if (!line.IsComment()) {
      break;
    }
  }
  return end;
}

BlockIndent IndentOf(std::string_view text, const YamlNode& document) {
  return IndentFinder(text).Find(document);
}

}  // namespace routerate
