// A plain scalar stays plain: it was read as one line, so it can be written as one.
#include "inject/yaml_writer.h"

#include <algorithm>
#include <string_view>

#include "base/yaml_text.h"

namespace routerate {
namespace {

constexpr std::string_view kFlowSigns = ",[]{}";

std::string Tagged(const YamlNode& scalar, const std::string& text) {
  return scalar.tag.empty() ? text : "!<" + scalar.tag + "> " + text;
}

std::string BlockScalar(const YamlNode& scalar) {
  if (scalar.IsNull()) return "null";
  const bool plain = scalar.kind == YamlNode::Kind::kPlain && !scalar.text.empty() &&
                     scalar.text.find('\n') == std::string::npos;
  return Tagged(scalar, plain ? scalar.text : YamlText(scalar.text));
}

bool IsJsonWord(std::string_view text) {
  return text == "true" || text == "false" ||
         (text.size() < 16 && text.find_first_not_of("0123456789") == std::string_view::npos &&
          (text == "0" || !text.starts_with('0')));
}

std::string FlowScalar(const YamlNode& scalar, FlowStyle style) {
  if (scalar.IsNull()) return "null";
  if (style == FlowStyle::kYaml) {
    const bool fits = scalar.text.find_first_of(kFlowSigns) == std::string::npos;
    return fits ? BlockScalar(scalar) : Tagged(scalar, QuotedText(scalar.text));
  }
  return scalar.kind == YamlNode::Kind::kPlain && IsJsonWord(scalar.text) ? scalar.text
                                                                          : QuotedText(scalar.text);
}

// Whether a literal block keeps `text`, without an indication of its indentation and with at most
// one line end at its end.
bool FitsLiteral(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || text.starts_with(' ') ||
      text.starts_with('\n') || text.starts_with('\t') || text.ends_with("\n\n")) {
    return false;
  }
  // Readers differ in white space before a line's end.
  return text.find(" \n") == std::string_view::npos && !text.ends_with(' ') && IsPrintable(text);
}

std::string Literal(std::string_view text, std::size_t column) {
  std::string out = text.ends_with('\n') ? "|\n" : "|-\n";
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) out.append(column, ' ').append(text.substr(at, end - at));
    out += '\n';
    at = end + 1;
  }
  return out;
}

class BlockWriter {
 public:
  explicit BlockWriter(BlockIndent indent) : indent_(indent) {}

  std::string Entry(const YamlEntry& entry, std::size_t column) const {
    return std::string(column, ' ') + BlockScalar(entry.key) + ":" + Value(entry.value, column);
  }
  // The item's own block begins two columns to the right, and the dash stands in the first line.
  std::string Item(const YamlNode& item, std::size_t column) const {
    if (item.IsScalar() || item.IsEmpty()) {
      return std::string(column, ' ') + "-" + Value(item, column);
    }
    std::string lines = Collection(item, column + 2);
    lines[column] = '-';
    return lines;
  }
  std::string Collection(const YamlNode& node, std::size_t column) const {
    std::string out;
    for (const YamlNode& item : node.items) out += Item(item, column);
    for (const YamlEntry& entry : node.entries) out += Entry(entry, column);
    return out;
  }
  // What follows a key at `column`, or a dash.
  std::string Value(const YamlNode& value, std::size_t column) const {
    if (value.kind == YamlNode::Kind::kText && FitsLiteral(value.text) && value.tag.empty()) {
      return " " + Literal(value.text, column + indent_.map);
    }
    if (value.IsEmpty() && !value.IsNull()) return value.IsMap() ? " {}\n" : " []\n";
    if (value.IsScalar() || value.IsNull()) return " " + BlockScalar(value) + "\n";
    return "\n" + Collection(value, column + (value.IsMap() ? indent_.map : indent_.sequence));
  }

 private:
  BlockIndent indent_;
};

}  // namespace

std::string BlockEntry(const YamlEntry& entry, std::size_t column, BlockIndent indent) {
  return BlockWriter(indent).Entry(entry, column);
}

std::string BlockItem(const YamlNode& item, std::size_t column, BlockIndent indent) {
  return BlockWriter(indent).Item(item, column);
}

std::string BlockDocument(const YamlNode& document, BlockIndent indent) {
  return BlockWriter(indent).Collection(document, 0);
}

std::string FlowEntry(const YamlEntry& entry, FlowStyle style) {
  return FlowScalar(entry.key, style) + ": " + FlowValue(entry.value, style);
}

std::string FlowValue(const YamlNode& value, FlowStyle style) {
  if (value.IsScalar() || value.IsNull()) return FlowScalar(value, style);
  std::string out;
  for (const YamlNode& item : value.items) {
    out += (out.empty() ? "" : ", ") + FlowValue(item, style);
  }
  for (const YamlEntry& entry : value.entries) {
    out += (out.empty() ? "" : ", ") + FlowEntry(entry, style);
  }
  return value.IsMap() ? "{" + out + "}" : "[" + out + "]";
}

}  // namespace routerate
