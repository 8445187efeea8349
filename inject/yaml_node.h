// A YAML document as a value: copies share nothing, and each node knows where in the text it was
// read, so that a changed document can be compared with the text it comes from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace routerate {

struct YamlEntry;

struct YamlNode {
  // kPlain is a scalar without quotes: a number, a truth value, or a text. kText is a text in any
  // case.
  enum class Kind : std::uint8_t { kNull, kPlain, kText, kSequence, kMap };
  enum class Style : std::uint8_t { kBlock, kFlow };
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

  Kind kind = Kind::kNull;
  Style style = Style::kBlock;
  int line = 0;  // from 1; 0: not read
  std::size_t offset =
      kNowhere;                 // of its first byte; kNowhere: not read, or read by way of an alias
  std::string text;             // of a scalar
  std::string tag;              // what a scalar's text says of its type ("!!binary"), if anything
  std::vector<YamlNode> items;  // of a sequence
  std::vector<YamlEntry> entries;  // of a map, keys are scalars

  static YamlNode Plain(std::string text);
  static YamlNode Text(std::string text);
  static YamlNode Of(Kind kind);

  bool IsScalar() const { return kind == Kind::kPlain || kind == Kind::kText; }
  bool IsMap() const { return kind == Kind::kMap; }
  bool IsSequence() const { return kind == Kind::kSequence; }
  bool IsNull() const { return kind == Kind::kNull; }
  // Nothing, or a collection of nothing.
  bool IsEmpty() const { return !IsScalar() && items.empty() && entries.empty(); }

  // The value of `key`, of several the last; merge keys (<<) count where the map has none of its
  // own. nullptr: there is none, or this is no map.
  const YamlNode* Find(std::string_view key) const;
  // The same along several keys.
  const YamlNode* FindAt(const std::vector<std::string_view>& path) const;
  // The text of `key`; empty when there is none, or it is no scalar.
  std::string TextOf(std::string_view key) const;

  // The value of `key` to change, in an entry of this map's own, which becomes a map first if it is
  // null: what came by a merge key is copied there, what was not there is null.
  YamlNode& Own(std::string_view key);
  void Append(std::string_view key, YamlNode value);
  void Erase(std::string_view key);
  // Erases `key` if its value is empty. "{}" in a block stays: it was there before it was filled.
  void EraseEmpty(std::string_view key);
};

struct YamlEntry {
  YamlNode key;
  YamlNode value;
};

// A merge key as its YAML type says: plain, not quoted.
bool IsMergeKey(const YamlNode& key);

// The same meaning for a reader of YAML: order counts, style and place do not.
bool Same(const YamlNode& a, const YamlNode& b);

// A copy that was read nowhere.
YamlNode Unplaced(YamlNode node);

// A copy with what merge keys bring in the place of these keys.
YamlNode Merged(const YamlNode& node);

}  // namespace routerate
