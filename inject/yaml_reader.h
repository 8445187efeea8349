// YAML text → nodes, by yaml-cpp's events. Aliases are replaced by copies of what they stand for.
#pragma once

#include <string_view>

#include "base/result.h"
#include "inject/yaml_node.h"

namespace routerate {

// Where a document stands in the text of a file.
struct YamlPlace {
  std::size_t offset = 0;  // of its first byte
  int line = 1;            // of its first line
};

// The document that `text` is; offsets and lines of its nodes are the file's. Null where there is
// nothing but comments. Failures begin with the line: "7: not valid YAML: ...".
Result<YamlNode> ReadYaml(std::string_view text, YamlPlace place = {});

}  // namespace routerate
