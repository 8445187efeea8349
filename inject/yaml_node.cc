// Look-ups are linear: the maps of a manifest are short.
#include "inject/yaml_node.h"

#include <algorithm>
#include <utility>

#include "base/yaml_text.h"

namespace routerate {
namespace {

const YamlNode* FindOwn(const YamlNode& map, std::string_view key) {
  const auto found = std::find_if(map.entries.rbegin(), map.entries.rend(),
                                  [&](const YamlEntry& entry) { return entry.key.text == key; });
  return found == map.entries.rend() ? nullptr : &found->value;
}

// What a merge key names: a map, or a sequence of maps, the first of which counts most.
std::vector<const YamlNode*> MergedMaps(const YamlNode& value) {
  std::vector<const YamlNode*> maps;
  if (value.IsMap()) maps.push_back(&value);
  for (const YamlNode& item : value.items) {
    if (item.IsMap()) maps.push_back(&item);
  }
  return maps;
}

bool SameScalar(const YamlNode& a, const YamlNode& b) {
  return a.text == b.text && a.tag == b.tag && (a.kind == b.kind || IsTextUnquoted(a.text));
}

// What merge keys bring to `map` and `out` has not, each with what it brings itself.
void AddMerged(const YamlNode& map, YamlNode* out) {
  for (const YamlEntry& entry : map.entries) {
    if (!IsMergeKey(entry.key)) continue;
    for (const YamlNode* from : MergedMaps(entry.value)) {
      for (YamlEntry& brought : Merged(*from).entries) {
        if (FindOwn(*out, brought.key.text) == nullptr) out->entries.push_back(std::move(brought));
      }
    }
  }
}

}  // namespace

YamlNode YamlNode::Of(Kind kind) {
  YamlNode node;
  node.kind = kind;
  return node;
}

YamlNode YamlNode::Plain(std::string text) {
  YamlNode node = Of(Kind::kPlain);
  node.text = std::move(text);
  return node;
}

YamlNode YamlNode::Text(std::string text) {
  YamlNode node = Of(Kind::kText);
  node.text = std::move(text);
  return node;
}

const YamlNode* YamlNode::Find(std::string_view key) const {
  if (const YamlNode* own = FindOwn(*this, key)) return own;
  for (const YamlEntry& entry : entries) {
    if (!IsMergeKey(entry.key)) continue;
    for (const YamlNode* merged : MergedMaps(entry.value)) {
      if (const YamlNode* found = merged->Find(key)) return found;
    }
  }
  return nullptr;
}

const YamlNode* YamlNode::FindAt(const std::vector<std::string_view>& path) const {
  const YamlNode* node = this;
  for (const std::string_view key : path) {
    if (node != nullptr) node = node->Find(key);
  }
  return node;
}

std::string YamlNode::TextOf(std::string_view key) const {
  const YamlNode* value = Find(key);
  return value != nullptr ? value->text : "";
}

YamlNode& YamlNode::Own(std::string_view key) {
  if (IsNull()) kind = Kind::kMap;
  if (const YamlNode* own = FindOwn(*this, key)) return const_cast<YamlNode&>(*own);
  const YamlNode* merged = Find(key);
  Append(key, merged != nullptr ? Unplaced(*merged) : YamlNode());
  return entries.back().value;
}

void YamlNode::Append(std::string_view key, YamlNode value) {
  entries.push_back({Text(std::string(key)), std::move(value)});
}

void YamlNode::Erase(std::string_view key) {
  std::erase_if(entries, [&](const YamlEntry& entry) { return entry.key.text == key; });
}

void YamlNode::EraseEmpty(std::string_view key) {
  const YamlNode* value = FindOwn(*this, key);
  if (value == nullptr || !value->IsEmpty()) return;
  if (value->style == Style::kFlow && style == Style::kBlock) return;
  Erase(key);
}

bool IsMergeKey(const YamlNode& key) {
  return key.kind == YamlNode::Kind::kPlain && key.text == "<<";
}

bool Same(const YamlNode& a, const YamlNode& b) {
  if (a.IsScalar() && b.IsScalar()) return SameScalar(a, b);
  return a.kind == b.kind && std::ranges::equal(a.items, b.items, Same) &&
         std::ranges::equal(a.entries, b.entries, [](const YamlEntry& x, const YamlEntry& y) {
           return Same(x.key, y.key) && Same(x.value, y.value);
         });
}

YamlNode Unplaced(YamlNode node) {
  node.offset = YamlNode::kNowhere;
  for (YamlNode& item : node.items) item = Unplaced(std::move(item));
  for (YamlEntry& entry : node.entries) {
    entry = {Unplaced(std::move(entry.key)), Unplaced(std::move(entry.value))};
  }
  return node;
}

YamlNode Merged(const YamlNode& node) {
  if (!node.IsMap() && !node.IsSequence()) return node;
  YamlNode out = YamlNode::Of(node.kind);
  out.line = node.line;
  for (const YamlNode& item : node.items) out.items.push_back(Merged(item));
  for (const YamlEntry& entry : node.entries) {
    if (IsMergeKey(entry.key) && !MergedMaps(entry.value).empty()) continue;
    out.entries.push_back({entry.key, Merged(entry.value)});
  }
  AddMerged(node, &out);
  return out;
}

}  // namespace routerate
