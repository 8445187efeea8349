// The rules' automaton alone: what it answers when paths or expressions are made to hurt it.
#include "parsers/rule_set.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/parsers/random_paths.h"

namespace routerate {
namespace {

RuleSet Set(const std::vector<RouteExpression>& expressions,
            std::size_t max_bytes = RuleSet::kMaxBytes) {
  auto set = RuleSet::Create(expressions, max_bytes);
  if (!set) FAIL(set.error().message);
  return std::move(*set);
}

std::vector<int> Fitting(const RuleSet& set, std::string_view path) {
  std::vector<int> fitting;
  set.Match(path, &fitting);
  std::ranges::sort(fitting);
  return fitting;
}

}  // namespace

TEST_CASE("an automaton that outgrows its memory again and again gives the same answers") {
  const std::vector<RouteExpression> kExpressions = {
      {"/.*a.{20}", "a"}, {"/.*b.{20}", "b"}, {"/.*", "any"}};
  const RuleSet large = Set(kExpressions);
  const RuleSet small = Set(kExpressions, 16 << 10);
  const std::uint64_t seed = TestSeed();
  INFO("SEED=" << seed);
  RandomPaths random(seed);
  for (int i = 0; i < 1000; ++i) {
    const std::string path = "/" + random.Text("abc", random.Below(100));
    const std::vector<int> expected = Fitting(large, path);
    if (Fitting(small, path) != expected) FAIL(path);
  }
}

// The 21st byte from the end decides, so an automaton of all that 20 bytes can be has a million
// states.
TEST_CASE("long hostile paths that need more states than fit are matched right") {
  constexpr std::size_t kFromEnd = 21;
  const RuleSet set = Set({{"/.*a.{20}", "a"}, {"/.*b.{20}", "b"}}, 64 << 10);
  const std::uint64_t seed = TestSeed();
  INFO("SEED=" << seed);
  RandomPaths random(seed);
  for (int i = 0; i < 20; ++i) {
    const std::string path = "/" + random.Text("abc", 4000);
    std::vector<int> expected;
    if (const char c = path[path.size() - kFromEnd]; c != 'c') expected.push_back(c - 'a');
    if (Fitting(set, path) != expected) FAIL(path);
  }
}

TEST_CASE("a set without expressions fits nothing, and one set serves again after a miss") {
  CHECK(Fitting(Set({}), "/").empty());
  const RuleSet set = Set({{"/a", "a"}, {"/a|/b", "b"}});
  for (int round = 0; round < 2; ++round) {
    CHECK(Fitting(set, "/c").empty());
    CHECK(Fitting(set, "/a") == std::vector<int>{0, 1});
    CHECK(Fitting(set, "/b") == std::vector<int>{1});
    CHECK(Fitting(set, "").empty());
  }
}

}  // namespace routerate
