// Texts stay texts, numbers numbers, whatever they look like and however they are written.
#include "inject/yaml_writer.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/inject/read_yaml.h"

namespace routerate {
namespace {

// Without their quotes they would be something else, or nothing that YAML can read.
const std::vector<std::string> kTexts = {"8080",
                                         "true",
                                         "1e3",
                                         "null",
                                         "0o7",
                                         "~",
                                         "yes",
                                         "2026-11-27",
                                         "0x1F",
                                         ".inf",
                                         "12:30:45",
                                         "-",
                                         "",
                                         " ",
                                         "a: b",
                                         "a #b",
                                         "#a",
                                         "- a",
                                         "{a}",
                                         "[",
                                         "&a",
                                         "*a",
                                         "!a",
                                         "%a",
                                         "@a",
                                         "`a",
                                         "'",
                                         "\"",
                                         "\\",
                                         "a\tb",
                                         "a\nb",
                                         "<<",
                                         "a,b",
                                         "=",
                                         "y",
                                         "N",
                                         "off",
                                         "a:",
                                         "?a",
                                         "? a",
                                         ": a",
                                         "|",
                                         ">",
                                         "\x01",
                                         "\x7F",
                                         "a\nb\n",
                                         "a\n\nb\n",
                                         "a\n\n",
                                         "\n",
                                         "\na",
                                         " a\nb",
                                         "a \nb",
                                         "a\n b\n",
                                         "a\r\nb",
                                         "\xC3\xA4",
                                         "\xC2\x85\n",
                                         "\xE2\x80\xA8\n",
                                         "a]\n}b",
                                         "# a\nb: c\n---\n",
                                         "say \"hi\"\n\\n\n"};

const std::string kValues[] = {"8080",
                               "true",
                               "null",
                               "1e3",
                               "0o7",
                               "-1",
                               "kafka:9092",
                               "a b c",
                               "/x/y*",
                               "a#b",
                               "$(A)/b",
                               "!!binary aGk=",
                               "'quoted'",
                               "\"a\\tb\"",
                               "[]",
                               "{}",
                               "[a, 'b', {c: d}]",
                               "{a: [1, 2], b: {c: }}",
                               "[[a], [], [[b]]]",
                               "a,b",
                               "!!str 8",
                               "2026-11-27",
                               "{'8': a, 'true': b}"};

}  // namespace

TEST_CASE("a text is the same text again, in a block and on a line") {
  for (const std::string& text : kTexts) {
    INFO(text);
    YamlNode map;
    map.Own("key") = YamlNode::Text(text);
    map.Own(text.empty() ? "x" : text) = YamlNode::Text("value");
    CHECK(Same(Read(BlockDocument(map, {})), map));
    CHECK(Same(Read(FlowValue(map, FlowStyle::kYaml)), map));
    CHECK(Same(Read(FlowValue(map, FlowStyle::kJson)), map));
    YamlNode list = YamlNode::Of(YamlNode::Kind::kSequence);
    list.items = {YamlNode::Text(text), YamlNode::Text("next")};
    CHECK(Same(Read(BlockDocument(list, {})), list));
  }
}

TEST_CASE("what was read is written so that it reads the same") {
  for (const std::string& value : kValues) {
    for (const BlockIndent indent : {BlockIndent{2, 2}, BlockIndent{4, 0}, BlockIndent{1, 4}}) {
      INFO(value);
      const YamlNode map = Read("a: " + value + "\nb:\n- " + value + "\n- - " + value + "\n");
      const std::string written = BlockDocument(map, indent);
      INFO(written);
      CHECK(Same(Read(written), map));
      CHECK(Same(Read(FlowValue(map, FlowStyle::kYaml)), map));
    }
  }
}

TEST_CASE("several lines are a literal block where that can hold them") {
  YamlNode map;
  map.Own("a") = YamlNode::Text("x: 1\n  # y\n\nz");
  map.Own("b").kind = YamlNode::Kind::kSequence;
  map.Own("b").items = {YamlNode::Text("one\ntwo\n"), YamlNode::Text("one\n\n")};
  CHECK(BlockDocument(map, {2, 0}) ==
        "a: |-\n  x: 1\n    # y\n\n  z\nb:\n- |\n  one\n  two\n- \"one\\n\\n\"\n");
}

TEST_CASE("merge keys are looked up, and written as what they bring") {
  const YamlNode map = Read(
      "base: &base {a: 1, b: 2}\nother: &other {b: 3, c: 4}\nx: {<<: [*base, *other], a: 0}\n");
  const YamlNode& x = *map.Find("x");
  CHECK(x.TextOf("a") == "0");
  CHECK(x.TextOf("b") == "2");
  CHECK(x.TextOf("c") == "4");
  CHECK(FlowValue(*Merged(map).Find("x"), FlowStyle::kYaml) == "{a: 0, b: 2, c: 4}");
  const YamlNode quoted = Read("{'<<': {a: 1}}");
  CHECK(quoted.Find("a") == nullptr);
}

}  // namespace routerate
