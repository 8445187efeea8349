// Two trees are walked side by side. Inner edits come before outer ones, so that of two at the same
// place the inner block's stands first.
#include "inject/text_edits.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "inject/flow_text.h"
#include "inject/yaml_writer.h"

namespace routerate {
namespace {

struct Edit {
  std::size_t offset;
  std::size_t removed;
  std::string inserted;
};

// An item of a sequence, or an entry of a map.
struct Child {
  const YamlNode* key;  // of a map
  const YamlNode* value;

  const YamlNode& first() const { return key != nullptr ? *key : *value; }
  std::string Flow(FlowStyle style) const {
    return key != nullptr ? FlowEntry({*key, *value}, style) : FlowValue(*value, style);
  }
  std::string Block(std::size_t column, BlockIndent indent) const {
    return key != nullptr ? BlockEntry({*key, *value}, column, indent)
                          : BlockItem(*value, column, indent);
  }
};

using Children = std::vector<Child>;

Children ChildrenOf(const YamlNode& node) {
  Children children;
  for (const YamlNode& item : node.items) children.push_back({nullptr, &item});
  for (const YamlEntry& entry : node.entries) children.push_back({&entry.key, &entry.value});
  return children;
}

bool IsThatOf(const Child& after, const Child& before) {
  if (after.first().offset != before.first().offset) return false;
  return after.first().offset != YamlNode::kNowhere || Same(*after.value, *before.value);
}

class Editing {
 public:
  Editing(std::string_view text, const YamlNode& document)
      : text_(text),
        line_end_(LineEndOf(text)),
        indent_(IndentOf(text, document)),
        flow_style_(document.style == YamlNode::Style::kFlow ? FlowStyle::kJson
                                                             : FlowStyle::kYaml) {}

  // False where it cannot be done.
  bool Compare(const YamlNode& before, const YamlNode& after) {
    if (Same(before, after)) return true;
    if (before.kind != after.kind || before.offset == YamlNode::kNowhere) return false;
    const Children old_children = ChildrenOf(before);
    const Children new_children = ChildrenOf(after);
    Children deleted;
    std::size_t at = 0;
    for (const Child& child : old_children) {
      if (at == new_children.size() || !IsThatOf(new_children[at], child)) {
        deleted.push_back(child);
      } else if (!CompareChild(child, new_children[at++])) {
        return false;
      }
    }
    const Children added(new_children.begin() + static_cast<std::ptrdiff_t>(at),
                         new_children.end());
    if (before.style == YamlNode::Style::kFlow)
      return EditFlow(before, old_children, deleted, added);
    return DeleteBlocks(before, old_children, deleted) && AddBlocks(before, old_children, added);
  }

  // nullopt where two edits want the same bytes.
  std::optional<std::string> Apply() {
    std::ranges::stable_sort(edits_, {}, &Edit::offset);
    std::string out;
    std::size_t at = 0;
    for (const Edit& edit : edits_) {
      if (edit.offset < at) return std::nullopt;
      out += text_.substr(at, edit.offset - at);
      out += edit.inserted;
      at = edit.offset + edit.removed;
    }
    out += text_.substr(at);
    // It ends as it did.
    if (!text_.ends_with('\n') && out.ends_with('\n')) out.resize(out.size() - line_end_.size());
    return out;
  }

 private:
  bool CompareChild(const Child& before, const Child& after) {
    if (before.key != nullptr && before.value->IsNull() && !after.value->IsEmpty()) {
      return FillEmpty(*before.key, *after.value);
    }
    return Compare(*before.value, *after.value);
  }

  // "key:" with nothing behind it but a comment.
  bool FillEmpty(const YamlNode& key, const YamlNode& value) {
    std::string_view line = text_.substr(key.offset, LineEnd(text_, key.offset) - key.offset);
    line = line.substr(0, line.find(" #"));
    const std::size_t last = line.find_last_not_of(" \t\r\n");
    if (last == std::string_view::npos || line[last] != ':' || value.IsScalar()) return false;
    const std::size_t column = ColumnOf(text_, key.offset);
    std::string lines = BlockEntry({key, value}, column, indent_);
    InsertLines(BlockEnd(text_, key.offset, column, BlockKind::kEntry),
                lines.substr(lines.find('\n') + 1));
    return true;
  }

  std::optional<std::size_t> ColumnOfBlock(const YamlNode& block, const Child& child) const {
    if (block.IsMap()) return ColumnOf(text_, child.key->offset);
    const auto dash = DashOf(text_, *child.value);
    if (!dash) return std::nullopt;
    return ColumnOf(text_, *dash);
  }

  bool AddBlocks(const YamlNode& before, const Children& children, const Children& added) {
    if (added.empty()) return true;
    const auto column = ColumnOfBlock(before, children.front());
    const std::size_t last = children.back().first().offset;
    if (!column || last == YamlNode::kNowhere) return false;
    std::string lines;
    for (const Child& child : added) lines += child.Block(*column, indent_);
    InsertLines(
        BlockEnd(text_, last, *column, before.IsMap() ? BlockKind::kMap : BlockKind::kSequence),
        lines);
    return true;
  }

  void InsertLines(std::size_t offset, std::string_view lines) {
    const bool line_is_open = offset > 0 && text_[offset - 1] != '\n';
    std::string inserted = WithLineEnds(lines, line_end_);
    // Behind a last line without its end, another edit may have done this already.
    if (line_is_open) {
      inserted.insert(0, line_end_);
      inserted.resize(inserted.size() - line_end_.size());
    }
    edits_.push_back({offset, 0, std::move(inserted)});
  }

  bool DeleteBlocks(const YamlNode& before, const Children& children, const Children& deleted) {
    if (!deleted.empty() && deleted.size() == children.size()) return false;
    for (const Child& child : deleted) {
      const auto column = ColumnOfBlock(before, child);
      if (!column || child.first().offset == YamlNode::kNowhere) return false;
      const std::size_t begin = LineBegin(text_, child.first().offset);
      if (text_.substr(begin, *column).find_first_not_of(' ') != std::string_view::npos) {
        return false;
      }
      const std::size_t end = BlockEnd(text_, child.first().offset, *column,
                                       before.IsMap() ? BlockKind::kEntry : BlockKind::kItem);
      edits_.push_back({begin, end - begin, ""});
    }
    return true;
  }

  bool EditFlow(const YamlNode& before, const Children& children, const Children& deleted,
                const Children& added) {
    const auto flow = ScanFlow(text_, before.offset);
    if (!flow || flow->entries.size() != children.size()) return false;
    if (!deleted.empty()) return added.empty() && DeleteFlow(*flow, children, deleted);
    std::size_t offset = flow->inside;
    std::string separator;
    if (!children.empty()) {
      offset = flow->entries.back().end;
      separator = Separator(*flow);
    }
    for (const Child& child : added) {
      edits_.push_back({offset, 0, separator + child.Flow(flow_style_)});
      if (separator.empty()) separator = ", ";
    }
    return true;
  }
  // A comma, and the space or the line's beginning that the last entry has before it.
  std::string Separator(const FlowText& flow) const {
    const std::size_t begin = flow.entries.back().begin;
    const std::size_t space = text_.find_last_not_of(" \t\r\n", begin - 1) + 1;
    return "," + (space == begin ? " " : std::string(text_.substr(space, begin - space)));
  }
  bool DeleteFlow(const FlowText& flow, const Children& children, const Children& deleted) {
    const auto& entries = flow.entries;
    if (deleted.size() == children.size()) {
      edits_.push_back({flow.inside, entries.back().end - flow.inside, ""});
      return true;
    }
    // One goes with the comma before it, those at the front with the comma behind them.
    bool at_the_front = true;
    for (std::size_t i = 0; i < children.size(); ++i) {
      const bool is_deleted = std::ranges::any_of(
          deleted, [&](const Child& child) { return child.value == children[i].value; });
      at_the_front &= is_deleted;
      if (!is_deleted) continue;
      const std::size_t begin = at_the_front ? entries[i].begin : entries[i - 1].end;
      const std::size_t end = at_the_front ? entries[i + 1].begin : entries[i].end;
      edits_.push_back({begin, end - begin, ""});
    }
    return true;
  }

  std::string_view text_;
  std::string_view line_end_;
  BlockIndent indent_;
  FlowStyle flow_style_;
  std::vector<Edit> edits_;
};

}  // namespace

std::string WithLineEnds(std::string_view lines, std::string_view line_end) {
  std::string out;
  for (const char c : lines) {
    if (c == '\n') {
      out += line_end;
    } else {
      out += c;
    }
  }
  return out;
}

std::optional<std::string> EditText(std::string_view text, const YamlNode& before,
                                    const YamlNode& after) {
  Editing editing(text, before);
  if (!editing.Compare(before, after)) return std::nullopt;
  return editing.Apply();
}

}  // namespace routerate
