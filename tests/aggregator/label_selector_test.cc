// Selectors: what is read, what is refused, and what they select. Cases follow the grammar of
// Kubernetes' pkg/labels.
#include "aggregator/label_selector.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>

namespace routerate {
namespace {

using LabelMap = std::map<std::string, std::string, std::less<>>;

bool Selects(std::string_view text, const LabelMap& labels) {
  INFO(text);
  const auto selector = LabelSelector::Parse(text);
  REQUIRE(selector);
  return selector->Matches([&](std::string_view key) -> std::optional<std::string_view> {
    const auto found = labels.find(key);
    return found == labels.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  });
}

const LabelMap kWeb = {{"app", "web"}, {"tier", "front"}, {"replicas", "3"}, {"empty", ""}};

TEST_CASE("each operator selects as Kubernetes says") {
  const char* selecting[] = {"",
                             "  ",
                             "app=web",
                             "app==web",
                             "app = web",
                             "app!=db",
                             "app in (web)",
                             "app in (db,web)",
                             "app in ( web , db )",
                             "app notin (db,cache)",
                             "app",
                             "!zone",
                             "! zone",
                             "app,tier=front",
                             "zone!=eu",
                             "zone notin (eu)",
                             "empty=",
                             "empty"};
  for (const char* text : selecting) CHECK(Selects(text, kWeb));
  const char* refusing[] = {"app=db", "app!=web", "app in (db)",  "app notin (web)",   "zone",
                            "!app",   "zone=eu",  "zone in (eu)", "app=web,tier=back", "app="};
  for (const char* text : refusing) CHECK_FALSE(Selects(text, kWeb));
}

TEST_CASE("< and > compare integers, and select nothing else") {
  CHECK(Selects("replicas>2", kWeb));
  CHECK(Selects("replicas < 4", kWeb));
  CHECK_FALSE(Selects("replicas>3", kWeb));
  CHECK_FALSE(Selects("app>2", kWeb));
  CHECK_FALSE(Selects("zone<2", kWeb));
}

TEST_CASE("what is left out between commas of a set is the empty value") {
  CHECK(Selects("empty in (,x)", kWeb));
  CHECK(Selects("empty in (x,)", kWeb));
  CHECK(Selects("empty in (,)", kWeb));
  CHECK(Selects("empty in ()", kWeb));
  CHECK_FALSE(Selects("empty notin (x,,y)", kWeb));
}

TEST_CASE("in and notin are keys and values, too") {
  const LabelMap odd = {{"in", "notin"}};
  CHECK(Selects("in=notin", odd));
  CHECK(Selects("in in (notin)", odd));
  CHECK(Selects("in", odd));
}

TEST_CASE("a value that is written twice is one, and values are in order") {
  const auto selector = LabelSelector::Parse("a in (z,b,z)");
  REQUIRE(selector);
  CHECK(selector->requirements[0].values == std::vector<std::string>{"b", "z"});
}

TEST_CASE("what is no selector is refused with what was expected") {
  const std::pair<const char*, const char*> cases[] = {
      {"=x", "found '=', expected a label's key"},
      {",", "found ',', expected a label's key"},
      {"a,", "found the end, expected a label's key"},
      {"a=b,,c=d", "found ',', expected a label's key"},
      {"a b", "found 'b', expected one of = == != in notin < >"},
      {"a=b c", "found 'c', expected ',' or the end"},
      {"a in b", "found 'b', expected '('"},
      {"a in (b", "found the end, expected ',' or ')'"},
      {"a in (b c)", "found 'c', expected ',' or ')'"},
      {"!a=b", "found '=', expected ',' or the end"},
      {"!", "found the end, expected a label's key"},
      {"a=(b)", "found '(', expected a value"},
      {"a>x", "'x' of key 'a' is no integer"},
      {"a>", "'' of key 'a' is no integer"},
      {"a=_b", "'_b' of key 'a' is no label's value"},
      {"a=b/c", "'b/c' of key 'a' is no label's value"},
      {"-a=b", "'-a' is no label's key"},
      {"x/y/z=b", "'x/y/z' is no label's key"},
      {"/a=b", "'/a' is no label's key"},
  };
  for (const auto& [text, message] : cases) {
    INFO(text);
    const auto selector = LabelSelector::Parse(text);
    REQUIRE_FALSE(selector);
    CHECK_THAT(selector.error().message, Catch::StartsWith(message));
  }
}

}  // namespace
}  // namespace routerate
