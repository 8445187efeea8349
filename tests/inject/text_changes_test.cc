// Lines go in and out where they belong, whatever stands around them.
#include "inject/text_changes.h"

#include <catch2/catch.hpp>

#include "tests/inject/read_yaml.h"

namespace routerate {
namespace {

// Adds "new: [x]" at the map that the keys lead to.
ChangedText Added(const std::string& text, const std::vector<std::string_view>& path) {
  const YamlNode before = Read(text);
  YamlNode after = before;
  YamlNode* map = &after;
  for (const std::string_view key : path) map = &map->Own(key);
  YamlNode list = YamlNode::Of(YamlNode::Kind::kSequence);
  list.items.push_back(YamlNode::Text("x"));
  map->Own("new") = list;
  const auto changed = ChangeText(text, before, after);
  REQUIRE(changed.has_value());
  CHECK(Same(Merged(Read(changed->text)), Merged(after)));
  return *changed;
}

}  // namespace

TEST_CASE("an entry is added behind the last line of its map") {
  const struct {
    const char* text;
    std::vector<std::string_view> path;
    const char* changed;
  } kCases[] = {
      {"a: 1\n", {}, "a: 1\nnew:\n  - x\n"},
      {"a: 1", {}, "a: 1\nnew:\n  - x"},
      {"a: 1\r\nb: 2\r\n", {}, "a: 1\r\nb: 2\r\nnew:\r\n  - x\r\n"},
      {"a: 1\r\nb: 2", {}, "a: 1\r\nb: 2\r\nnew:\r\n  - x"},
      {"--- # d\na: 1\n# end\n...\n", {}, "--- # d\na: 1\n# end\nnew:\n  - x\n...\n"},
      {"m:\n  a: 1\n  # of m\n# of root\nb: 2\n",
       {"m"},
       "m:\n  a: 1\n  # of m\n  new:\n    - x\n# of root\nb: 2\n"},
      {"m:\n  a: 1\n\n\nb: 2\n", {"m"}, "m:\n  a: 1\n  new:\n    - x\n\n\nb: 2\n"},
      {"m:\n  a: |\n    # x\n   \n    y\nb: 2\n",
       {"m"},
       "m:\n  a: |\n    # x\n   \n    y\n  new:\n    - x\nb: 2\n"},
      {"m:\n  a:\n  - 1\n  - 2\nb: 2\n", {"m"}, "m:\n  a:\n  - 1\n  - 2\n  new:\n  - x\nb: 2\n"},
      {"m:\n    a: 1\n    l:\n        - 1\n",
       {"m"},
       "m:\n    a: 1\n    l:\n        - 1\n    new:\n        - x\n"},
      {"m:\n  'a': \"x\n    y\"\nb: 2\n",
       {"m"},
       "m:\n  'a': \"x\n    y\"\n  new:\n    - x\nb: 2\n"},
      {"m:  # nothing\nb: 2\n", {"m"}, "m:  # nothing\n  new:\n    - x\nb: 2\n"},
      {"m:\n  # only this\nb: 2\n", {"m"}, "m:\n  # only this\n  new:\n    - x\nb: 2\n"},
      {"m: {}  # c\nb: 2\n", {"m"}, "m: {new: [x]}  # c\nb: 2\n"},
      {"m:\n  { }\n", {"m"}, "m:\n  {new: [x] }\n"},
      {"m: {a: 1}\n", {"m"}, "m: {a: 1, new: [x]}\n"},
      {"m: {a: 'x]}', # {\n  b: [1, {c: \"}\\\"\"}],\n}\n",
       {"m"},
       "m: {a: 'x]}', # {\n  b: [1, {c: \"}\\\"\"}],\n  new: [x],\n}\n"},
      {"{\n  \"a\": 1\n}\n", {}, "{\n  \"a\": 1,\n  \"new\": [\"x\"]\n}\n"},
      {"m: &m\n  a: 1\n", {"m"}, "m: &m\n  a: 1\n  new:\n    - x\n"},
  };
  for (const auto& row : kCases) {
    INFO(row.text);
    const ChangedText changed = Added(row.text, row.path);
    CHECK(changed.text == row.changed);
    CHECK(changed.how == Rewrite::kLines);
  }
}

TEST_CASE("what lines cannot be added to is written anew") {
  const struct {
    const char* text;
    std::vector<std::string_view> path;
    const char* changed;
  } kCases[] = {
      {"# c\na: &m\n  b: 1\nm: *m\n", {"m"}, "# c\na:\n  b: 1\nm:\n  b: 1\n  new:\n    - x\n"},
      {"a: &m\n  b: 1\nm: *m\n", {"a"}, "a:\n  b: 1\n  new:\n    - x\nm:\n  b: 1\n"},
      {"m: null # c\n", {"m"}, "m:\n  new:\n    - x\n"},
      {"--- {a: &b {c: 1}, m: *b}\n...\n",
       {"m"},
       "---\na:\n  c: 1\nm:\n  c: 1\n  new:\n    - x\n...\n"},
      {"k:\r\n  a: &m {}\r\nm: *m\r\n", {"m"}, "k:\r\n  a: {}\r\nm:\r\n  new:\r\n    - x\r\n"},
  };
  for (const auto& row : kCases) {
    INFO(row.text);
    const ChangedText changed = Added(row.text, row.path);
    CHECK(changed.text == row.changed);
    CHECK(changed.how == Rewrite::kWhole);
  }
}

TEST_CASE("deleted entries and items take their lines or commas with them") {
  const struct {
    const char* text;
    std::vector<std::string_view> path;
    std::string_view key;
    const char* changed;
  } kCases[] = {
      {"a: 1\nb:\n  c: 1\n# d\nd: 2\n", {}, "b", "a: 1\n# d\nd: 2\n"},
      {"a: 1\nb:\n- 1\n- 2\nd: 2\n", {}, "b", "a: 1\nd: 2\n"},
      {"a: 1\nb: |\n  x\n\n  y", {}, "b", "a: 1"},
      {"a: 1\r\nb: 2", {}, "b", "a: 1"},
      {"m:\n  - a: 1\n    b: 2\n", {}, "m", "{}\n"},
      {"m: {a: 1, b: 2, c: 3}\n", {"m"}, "a", "m: {b: 2, c: 3}\n"},
      {"m: {a: 1, b: 2, c: 3}\n", {"m"}, "b", "m: {a: 1, c: 3}\n"},
      {"m: {a: 1, b: 2, c: 3,}\n", {"m"}, "c", "m: {a: 1, b: 2,}\n"},
      {"m: { a: 1 }\n", {"m"}, "a", "m: { }\n"},
  };
  for (const auto& row : kCases) {
    INFO(row.text);
    const YamlNode before = Read(row.text);
    YamlNode after = before;
    YamlNode* map = &after;
    for (const std::string_view key : row.path) map = &map->Own(key);
    map->Erase(row.key);
    if (after.IsEmpty()) continue;  // never a manifest
    const auto changed = ChangeText(row.text, before, after);
    REQUIRE(changed.has_value());
    CHECK(changed->text == row.changed);
  }
}

}  // namespace routerate
