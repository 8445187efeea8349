// Nodes → YAML text, in block style or on one line. What was a text when it was read is one again.
#pragma once

#include <string>

#include "inject/yaml_node.h"

namespace routerate {

// Columns that a nested block is moved to the right of its key.
struct BlockIndent {
  std::size_t map = 2;
  std::size_t sequence = 2;  // of the dash; 0: below the key
};

// kYaml quotes what needs quotes, kJson every text.
enum class FlowStyle { kYaml, kJson };

// Lines, each with its "\n", that begin at `column`: "key: value", "- item", or a document. Texts
// of several lines are literal blocks where these can hold them.
std::string BlockEntry(const YamlEntry& entry, std::size_t column, BlockIndent indent);
std::string BlockItem(const YamlNode& item, std::size_t column, BlockIndent indent);
std::string BlockDocument(const YamlNode& document, BlockIndent indent);

// "key: value", or "{a: b}", on one line.
std::string FlowEntry(const YamlEntry& entry, FlowStyle style);
std::string FlowValue(const YamlNode& value, FlowStyle style);

}  // namespace routerate
