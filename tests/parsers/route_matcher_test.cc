// The rules of routes.yaml: what a template or pattern matches, who wins, what is remembered, and
// how each mistake is told.
#include "parsers/route_matcher.h"

#include <fmt/core.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "parsers/route_memo.h"
#include "tests/parsers/random_paths.h"

namespace routerate {
namespace {

RouteRule Path(const std::string& path, const std::string& name = "") {
  RouteRule rule;
  rule.path = path;
  rule.name = name;
  return rule;
}

RouteRule Pattern(const std::string& pattern, const std::string& name) {
  RouteRule rule;
  rule.pattern = pattern;
  rule.name = name;
  return rule;
}

RouteRule For(RouteRule rule, const std::string& method, const std::string& host = "") {
  rule.method = method;
  rule.host = host;
  return rule;
}

// Lines count from 1 on.
Result<RouteMatcher> Create(std::vector<RouteRule> rules) {
  for (std::size_t i = 0; i < rules.size(); ++i) rules[i].line = static_cast<int>(i) + 1;
  return RouteMatcher::Create(std::move(rules), "routes.yaml");
}

RouteMatcher Matcher(std::vector<RouteRule> rules) {
  auto matcher = Create(std::move(rules));
  if (!matcher) FAIL(matcher.error().message);
  return std::move(*matcher);
}

}  // namespace

TEST_CASE("a template matches whole canonical paths, segment by segment") {
  struct Case {
    std::string path;
    std::string target;
    bool fits;
  };
  const auto [path, target, fits] = GENERATE(values<Case>({
      {"/orders/{id}", "/orders/48213", true},
      {"/orders/{id}", "/orders/", false},
      {"/orders/{id}", "/orders", false},
      {"/orders/{id}", "/orders/1/items", false},
      {"/orders/{id}", "/v1/orders/1", false},
      {"/orders/{id}", "/orders/a%2Fb", true},
      {"/orders/{id}", "//orders/./1/;jsessionid=AB", true},
      {"/orders/{id}", "http://example.com/orders/1", true},
      {"/orders/{id:[0-9]+}", "/orders/12", true},
      {"/orders/{id:[0-9]+}", "/orders/12a", false},
      {"/orders/{id:[0-9]{2}}", "/orders/12", true},
      {"/orders/{id:a|b}", "/orders/b", true},
      {"/orders/{id:a|b}", "/b", false},
      {"/orders/{id:[^/]+}/x", "/orders/1/x", true},
      {"/files/{name}.json", "/files/a.json", true},
      {"/files/{name}.json", "/files/aXjson", false},
      {"/v{version}/{x}-{y}", "/v2/a-b", true},
      {"/static/**", "/static", true},
      {"/static/**", "/static/", true},
      {"/static/**", "/static/css/app.css", true},
      {"/static/**", "/statics", false},
      {"/a/**/z", "/a/z", true},
      {"/a/**/z", "/a/b/c/z", true},
      {"/a/**/z", "/a/b/cz", false},
      {"/**", "/", true},
      {"/**", "/a/b", true},
      {"/**", "*", false},
      {"/a/*", "/a/b", true},
      {"/a/*", "/a", false},
      {"/a/*", "/a/b/c", false},
      {"/a/*.css", "/a/.css", true},
      {"/a/*.css", "/a/b.css", true},
      {"/", "/", true},
      {"/", "//", true},
      {"/", "/a", false},
      {"/orders/", "/orders", true},
      {"/a.b+c(d)", "/a.b+c(d)", true},
      {"/a.b", "/aXb", false},
      {"/caf\xC3\xA9", "/caf%c3%a9", true},
      {"/caf%c3%a9", "/caf\xC3\xA9", true},
      {"/%6frders", "/orders", true},
      {"/it's", "/it's", true},
      {"/Orders", "/orders", false},
  }));
  CAPTURE(path, target);
  CHECK((Matcher({Path(path)}).Match("GET", "", target).rule == 0) == fits);
}

TEST_CASE("a template's route is its text without expressions, in canonical spelling") {
  struct Case {
    std::string path;
    std::string target;
    std::string route;
  };
  const auto [path, target, route] = GENERATE(values<Case>({
      {"/orders/{id:[0-9]+}/", "/orders/1", "/orders/{id}"},
      {"/caf\xC3\xA9", "/caf\xC3\xA9", "/caf%C3%A9"},
      {"/a b", "/a%20b", "/a%20b"},
      {"/static/**", "/static", "/static/**"},
      {"/", "/", "/"},
      {"//a//*", "/a/x", "/a/*"},
  }));
  RouteMatcher matcher = Matcher({Path(path)});
  CHECK(matcher.Match("GET", "", target).route == route);
}

TEST_CASE("a pattern is matched against the whole canonical path and shown by its name") {
  RouteMatcher matcher =
      Matcher({Pattern("/(en|de)/shop(/.*)?", "shop"), Pattern("\\*|-", "no-path")});
  CHECK(matcher.Match("GET", "", "/de/shop/a/b").route == "shop");
  CHECK(matcher.Match("GET", "", "/de/shop/a/b").name == "shop");
  CHECK(matcher.Match("GET", "", "/fr/shop").rule == -1);
  CHECK(matcher.Match("GET", "", "/x/de/shop").rule == -1);
  CHECK(matcher.Match("OPTIONS", "", "*").route == "no-path");
  CHECK(matcher.Match("", "", "").route == "no-path");
}

TEST_CASE("the first rule in file order whose method and host hold wins") {
  RouteMatcher matcher = Matcher({For(Path("/orders/{id}", "write"), "POST"),
                                  For(Path("/orders/{id}", "shop"), "", "Shop.Example.com"),
                                  For(Path("/orders/{id}", "both"), "GET", "api.example.com"),
                                  For(Path("/orders/{id}", "six"), "", "::1"),
                                  Path("/orders/{id:.*}", "any"), Path("/**", "rest")});
  struct Case {
    std::string method;
    std::string host;
    std::string name;
  };
  const std::vector<Case> kCases = {{"POST", "shop.example.com", "write"},
                                    {"GET", "shop.example.com", "shop"},
                                    {"GET", "SHOP.example.COM:8080", "shop"},
                                    {"GET", "api.example.com", "both"},
                                    {"PUT", "api.example.com", "any"},
                                    {"", "", "any"},
                                    {"post", "", "any"},
                                    {"GET", "[::1]:80", "six"},
                                    {"GET", "::1", "six"},
                                    {"GET", "[", "any"},
                                    {"GET", std::string(300, 'x'), "any"}};
  // Twice: once by the rules, once by the memo.
  for (int round = 0; round < 2; ++round) {
    for (const Case& c : kCases) {
      CAPTURE(c.method, c.host, round);
      CHECK(matcher.Match(c.method, c.host, "/orders/1").name == c.name);
    }
  }
  CHECK(matcher.Match("GET", "", "/x").name == "rest");
}

TEST_CASE("each of many hosts and methods is told from the others") {
  std::vector<RouteRule> rules;
  rules.reserve(40);
  for (int i = 0; i < 40; ++i) {
    rules.push_back(
        For(Path("/a", fmt::format("n{}", i)), fmt::format("M{}", i), fmt::format("H{}.test", i)));
  }
  RouteMatcher matcher = Matcher(rules);
  for (int i = 0; i < 40; ++i) {
    CHECK(matcher.Match(fmt::format("M{}", i), fmt::format("h{}.test", i), "/a").rule == i);
    CHECK(matcher.Match(fmt::format("M{}", i), fmt::format("h{}.test", i + 1), "/a").rule == -1);
  }
}

TEST_CASE("a path that no rule fits has its automatic template and no name") {
  RouteMatcher matcher = Matcher({For(Path("/orders/{id}", "write"), "POST")});
  for (int round = 0; round < 2; ++round) {
    const RouteMatch match = matcher.Match("GET", "", "/orders/48213");
    CHECK(match.route == "/orders/{id}");
    CHECK(match.name.empty());
    CHECK(match.rule == -1);
  }
  CHECK(matcher.Match("GET", "", "/" + std::string(5000, 'n')).route == "/{text}");
}

TEST_CASE("the memo never changes an answer") {
  const std::uint64_t seed = TestSeed();
  INFO("SEED=" << seed);
  RandomPaths random(seed);
  const std::vector<RouteRule> rules = {For(Path("/orders/**", "post"), "POST"),
                                        Path("/{a}/{b}", "two"), Pattern("/v1/.*", "v1")};
  RouteMatcher matcher = Matcher(rules);
  std::vector<std::string> paths;
  paths.reserve(40'000);
  for (int i = 0; i < 40'000; ++i) paths.push_back(random.Path());
  for (int i = 0; i < 100'000; ++i) {
    const std::string& path = paths[random.Below(random.Below(2) == 0 ? 100 : paths.size())];
    const std::string method = random.Below(2) == 0 ? "POST" : "GET";
    const RouteMatch match = matcher.Match(method, "", path);
    if (match.rule == -1) {
      if (match.route != AutomaticTemplate(path)) FAIL(path << " is " << match.route);
    } else {
      if (match.rule == 0 && method != "POST") FAIL("method of " << path);
      if (match.name != rules[static_cast<std::size_t>(match.rule)].name) FAIL("name of " << path);
    }
  }
}

TEST_CASE("the memo forgets what was used longest ago, and only that") {
  RouteMemo memo(8);  // one set
  const auto place = [&](int rule) { memo.Remember({}, "/" + std::to_string(rule), rule, "t"); };
  for (int i = 0; i < 8; ++i) place(i);
  REQUIRE(memo.Find({}, "/0") != nullptr);
  place(8);
  CHECK(memo.Find({}, "/1") == nullptr);
  for (const int i : {0, 2, 3, 4, 5, 6, 7, 8}) {
    const RouteMemo::Entry* entry = memo.Find({}, "/" + std::to_string(i));
    REQUIRE(entry != nullptr);
    CHECK(entry->rule() == i);
    CHECK(entry->automatic() == "t");
  }
  CHECK(memo.Find({1, 0}, "/0") == nullptr);
  CHECK(memo.Find({0, 1}, "/0") == nullptr);
}

TEST_CASE("a memo that may grow does so when it forgets, and not beyond") {
  constexpr int kPaths = 64;
  RouteMemo memo(8);
  memo.GrowUpTo(kPaths * 2);
  const auto path = [](int i) { return "/" + std::to_string(i); };
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < kPaths; ++i) {
      if (memo.Find({}, path(i)) == nullptr) memo.Remember({}, path(i), i, "t");
    }
  }
  int known = 0;
  for (int i = 0; i < kPaths; ++i) {
    const RouteMemo::Entry* entry = memo.Find({}, path(i));
    if (entry == nullptr) continue;
    ++known;
    CHECK(entry->rule() == i);
  }
  CHECK(known > kPaths / 2);
}

TEST_CASE("the memo keeps long paths and templates whole, and short ones in their place after") {
  RouteMemo memo(8);  // one set
  for (const std::size_t size : {10u, 256u, 104u, 1u, 105u, 200u, 50u, 60u, 255u, 3u, 90u}) {
    const std::string path(size, 'p');
    for (const std::size_t template_size : {0u, 1u, 14u, 55u, 200u}) {
      const std::string automatic(template_size, 't');
      const RequestCondition condition{static_cast<std::uint16_t>(template_size), 0};
      memo.Remember(condition, path, 7, automatic);
      const RouteMemo::Entry* entry = memo.Find(condition, path);
      REQUIRE(entry != nullptr);
      CHECK(entry->path() == path);
      CHECK(entry->automatic() == automatic);
    }
  }
}

TEST_CASE("a thousand rules are one automaton and still matched in order") {
  std::vector<RouteRule> rules;
  rules.reserve(1000);
  for (int i = 0; i < 1000; ++i)
    rules.push_back(Path(fmt::format("/service{}/orders/{{id:[0-9]+}}", i)));
  rules.push_back(Path("/**"));
  RouteMatcher matcher = Matcher(rules);
  for (int i = 0; i < 1000; ++i) {
    const std::string path = fmt::format("/service{}/orders/7", i);
    if (matcher.Match("", "", path).rule != i) FAIL(path);
  }
  CHECK(matcher.Match("", "", "/service1000/orders/7").rule == 1000);
}

TEST_CASE("rules that are too large together are refused") {
  std::vector<RouteRule> rules;
  rules.reserve(700);
  for (int i = 0; i < 700; ++i)
    rules.push_back(Path(fmt::format("/{}{{x:.{{900}}}}", i), fmt::format("n{}", i)));
  const auto matcher = Create(std::move(rules));
  REQUIRE_FALSE(matcher.has_value());
  CHECK(matcher.error().message ==
        "routes.yaml: 700 routes together need more than 65536 KiB as one automaton");
}

TEST_CASE("rules are not asked about a path that no server takes") {
  RouteMatcher matcher = Matcher({Path("/static/**", "static")});
  const std::string longest = "/static/" + std::string(RouteMatcher::kMaxRuledBytes - 8, 'x');
  CHECK(matcher.Match("GET", "", longest).name == "static");
  const RouteMatch match = matcher.Match("GET", "", longest + "x");
  CHECK(match.rule == -1);
  CHECK(match.route == "/static/{text}");
}

TEST_CASE("no automatic route has the id that a rule has for its name") {
  const std::string taken = HashedRouteId("GET", "/user-profile", 0);
  RouteMatcher matcher = Matcher({Path("/a", "get-orders-id"), Path("/b", taken), Path("/c")});
  const auto id = [&matcher](const std::string& path) {
    return matcher.IdOf(matcher.Match("GET", "", path), "GET");
  };
  CHECK(id("/a") == "get-orders-id");
  CHECK(id("/orders/7") == HashedRouteId("GET", "/orders/{id}", 0));
  CHECK(id("/user-profile") == HashedRouteId("GET", "/user-profile", 1));
  CHECK(id("/c") == "get-c");
  CHECK(id("/d") == "get-d");
  CHECK(matcher.IdOf(matcher.Match("POST", "", "/orders/7"), "POST") == "post-orders-id");
}

TEST_CASE("all rules that fit a path are told in file order, and which of them hold") {
  RouteMatcher matcher = Matcher({For(Path("/a/**", "write"), "POST"), Path("/b"),
                                  For(Path("/a/x"), "", "h"), Path("/{x}/x"), Path("/**", "rest")});
  std::vector<std::pair<int, bool>> told;
  for (const FittingRule& rule : matcher.Fitting("GET", "h", "//a/x/")) {
    told.emplace_back(rule.rule, rule.holds);
  }
  CHECK(told == std::vector<std::pair<int, bool>>{{0, false}, {2, true}, {3, true}, {4, true}});
  CHECK(matcher.Match("GET", "h", "//a/x/").rule == 2);
  CHECK(matcher.MatchOf(3).route == "/{x}/x");
  CHECK(matcher.MatchOf(4).name == "rest");
}

TEST_CASE("a mistake in a rule is told with file, line and what was expected") {
  struct Case {
    std::vector<RouteRule> rules;
    std::string message;
  };
  RouteRule both = Path("/a", "a");
  both.pattern = "/b";
  const std::vector<Case> kCases = {
      {{RouteRule{}}, "routes.yaml:1: a route needs 'path' or 'pattern'"},
      {{both}, "routes.yaml:1: a route has 'path' or 'pattern', not both"},
      {{Path("/a", "_a")}, "routes.yaml:1: name '_a' is no label value: expected 1 to 63 letters"},
      {{Path("/a", "a"), Path("/b", "a")},
       "routes.yaml:2: path '/b': route id 'a' is taken by line 1, path '/a': give one of them "
       "another name"},
      {{Pattern("/a", "")}, "routes.yaml:1: a pattern needs a name"},
      {{Pattern("/a(", "a")}, "routes.yaml:1: pattern '/a(': missing ): /a("},
      {{Pattern("/\xC3\xA4", "a")},
       "routes.yaml:1: '/\xC3\xA4': expressions meet paths percent-encoded"},
      {{Pattern("/\\x{4e2d}", "a")},
       "routes.yaml:1: pattern '/\\x{4e2d}': invalid escape sequence"},
      {{Path("/{a:(.{100}){100}}/{b:(.{100}){100}}")}, "routes.yaml:1: path '/{a:(.{100}){100}}"},
      {{Path("orders")}, "routes.yaml:1: path 'orders': expected a '/' first"},
      {{Path("/a/{id")}, "routes.yaml:1: path '/a/{id': '{id' has no closing '}'"},
      {{Path("/a/id}")}, "routes.yaml:1: path '/a/id}': '}' without '{'"},
      {{Path("/a/{}")}, "routes.yaml:1: path '/a/{}': '{}': expected {name} or {name:expression}"},
      {{Path("/a/{b c}")}, "routes.yaml:1: path '/a/{b c}': '{b c}': expected {name}"},
      {{Path("/{x:[}")}, "routes.yaml:1: path '/{x:[}': '{x:[}': missing ]: ["},
      {{Path("/{x:a)(b}")}, "routes.yaml:1: path '/{x:a)(b}': '{x:a)(b}': unexpected )"},
      {{Path("/a?b=c")}, "routes.yaml:1: path '/a?b=c': '?': the query is no part of a path"},
      {{Path("/a;b")}, "routes.yaml:1: path '/a;b': ';': path parameters are dropped"},
      {{Path("/a/../b")}, "routes.yaml:1: path '/a/../b': '.' and '..' are resolved"},
      {{Path("/a/b**")}, "routes.yaml:1: path '/a/b**': '**' must stand alone between slashes"},
      {{For(Path("/a"), "get")},
       "routes.yaml:1: method 'get': expected a method as requests have it"},
      {{For(Path("/a"), "", "a:80")},
       "routes.yaml:1: host 'a:80': expected a host name or address"},
      {{For(Path("/a"), "", "*.a")}, "routes.yaml:1: host '*.a': expected a host name or address"},
      {{Path("/{x:[\xC3\xA4]+}")},
       "routes.yaml:1: '/(?:[\xC3\xA4]+)': expressions meet paths percent-enc"},
      {{Path("/a", "x"), Path("//a/", "y")},
       "routes.yaml:2: path '//a/': never reached: line 1, path '/a', matches the same requests"},
      {{For(Path("/a"), "", "H"), For(Path("/a"), "", "h")},
       "routes.yaml:2: path '/a': never reached"},
      {{For(Path("/a"), "", "h"), For(Path("/a"), "", "i")},
       "routes.yaml:2: path '/a': route id 'a' is taken by line 1, path '/a'"},
      {{Path("/{id:a}"), Path("/{id:b}")},
       "routes.yaml:2: path '/{id:b}': route id 'id' is taken by line 1, path '/{id:a}'"},
      {{Path("/a"), Path("/b", "get-a")},
       "routes.yaml:2: path '/b': route id 'get-a' is taken by line 1, path '/a'"},
      {{Path("/b", "get-a"), Path("/a")},
       "routes.yaml:2: path '/a': route id 'get-a' is taken by line 1, path '/b'"},
      {{Path("/a"), Pattern("/b", "get-a")},
       "routes.yaml:2: pattern '/b': route id 'get-a' is taken by line 1, path '/a'"},
  };
  for (const Case& c : kCases) {
    const auto matcher = Create(c.rules);
    REQUIRE_FALSE(matcher.has_value());
    CHECK_THAT(matcher.error().message, Catch::Matchers::StartsWith(c.message));
  }
}

TEST_CASE("more rules than the limit are refused") {
  std::vector<RouteRule> rules;
  for (std::size_t i = 0; i <= kMaxRouteRules; ++i) rules.push_back(Path("/a" + std::to_string(i)));
  const auto matcher = Create(std::move(rules));
  REQUIRE_FALSE(matcher.has_value());
  CHECK(matcher.error().message == "routes.yaml:10001: more than 10000 routes");
}

}  // namespace routerate
