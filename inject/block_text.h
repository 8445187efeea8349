// Lines of a text in block style: where a line begins, and where a block ends.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "inject/yaml_node.h"
#include "inject/yaml_writer.h"

namespace routerate {

std::size_t LineBegin(std::string_view text, std::size_t offset);
// Behind the line's end.
std::size_t LineEnd(std::string_view text, std::size_t offset);
// "\r\n" where the first line of `text` ends so.
std::string_view LineEndOf(std::string_view text);

inline std::size_t ColumnOf(std::string_view text, std::size_t offset) {
  return offset - LineBegin(text, offset);
}

// The offset of the dash before an item that begins in the dash's line.
std::optional<std::size_t> DashOf(std::string_view text, const YamlNode& item);

// What may stand in the column of a block and belong to it.
enum class BlockKind { kMap, kSequence, kEntry, kItem };

// Behind the last line of the block at `column` one line of which holds `offset`. Comments before
// a line further to the left are the block's if they stand in its columns.
std::size_t BlockEnd(std::string_view text, std::size_t offset, std::size_t column, BlockKind kind);

// How the first blocks of the document are indented.
BlockIndent IndentOf(std::string_view text, const YamlNode& document);

}  // namespace routerate
