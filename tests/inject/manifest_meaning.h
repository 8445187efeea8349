// What the documents of a manifest mean: merge keys resolved, keys in no order, and what is empty
// as if it were not there, since a removal takes keys away that it empties.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "inject/manifest_text.h"
#include "inject/yaml_reader.h"

namespace routerate {

inline YamlNode InNoOrder(YamlNode node) {
  for (YamlNode& item : node.items) item = InNoOrder(std::move(item));
  for (YamlEntry& entry : node.entries) entry.value = InNoOrder(std::move(entry.value));
  std::erase_if(node.entries, [](const YamlEntry& entry) { return entry.value.IsEmpty(); });
  std::ranges::stable_sort(node.entries, {}, [](const YamlEntry& entry) { return entry.key.text; });
  return node;
}

inline Result<std::vector<YamlNode>> MeaningOf(std::string_view manifest) {
  std::vector<YamlNode> documents;
  for (const DocumentText& document : SplitDocuments(manifest)) {
    const auto node = ReadYaml(document.text, {0, document.line});
    if (!node) return std::unexpected(node.error());
    documents.push_back(InNoOrder(Merged(*node)));
  }
  return documents;
}

}  // namespace routerate
