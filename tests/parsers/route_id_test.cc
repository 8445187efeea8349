// Route ids. tests/golden/routes_id.txt fixes them: method ("-": none), route, id, with tabs
// between.
#include "parsers/route_id.h"

#include <fmt/core.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>
#include <unordered_map>

#include "parsers/path_template.h"
#include "tests/golden_text.h"
#include "tests/parsers/random_paths.h"

namespace routerate {
namespace {

bool IsSlug(std::string_view id) {
  return IsLabelValue(id) && std::ranges::all_of(id, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

std::string MethodOf(const std::string& column) { return column == "-" ? "" : column; }

}  // namespace

TEST_CASE("the id of each known route is fixed") {
  std::istringstream lines(GoldenText("routes_id.txt"));
  std::string actual;
  std::unordered_map<std::string, std::string> keys;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#') || line.empty()) {
      actual += line + "\n";
      continue;
    }
    std::istringstream columns(line);
    std::string method;
    std::string route;
    std::getline(columns, method, '\t');
    std::getline(columns, route, '\t');
    const std::string id = RouteId(MethodOf(method), route);
    CHECK(IsSlug(id));
    CHECK(keys.try_emplace(id, line).second);
    actual += fmt::format("{}\t{}\t{}\n", method, route, id);
  }
  CheckGolden("routes_id.txt", actual);
}

TEST_CASE("a label value is what Kubernetes takes for one") {
  for (const std::string& good : {std::string("a"), std::string("A-b_c.9"), std::string(63, 'x')}) {
    CAPTURE(good);
    CHECK(IsLabelValue(good));
  }
  for (const std::string& bad :
       {std::string(), std::string("-a"), std::string("a-"), std::string("_users"),
        std::string("a b"), std::string("a/b"), std::string("\xC3\xA4"), std::string(64, 'x')}) {
    CAPTURE(bad);
    CHECK_FALSE(IsLabelValue(bad));
  }
}

TEST_CASE("routes that a plain slug would confuse have ids of their own") {
  const std::vector<std::pair<std::string, std::string>> kAlike = {{"GET", "/user/profile"},
                                                                   {"GET", "/user-profile"},
                                                                   {"GET", "/user_profile"},
                                                                   {"GET", "/User/profile"},
                                                                   {"get", "/user/profile"},
                                                                   {"", "/get/user/profile"},
                                                                   {"GET", "/user/{profile}"},
                                                                   {"GET", "/{user}/profile"},
                                                                   {"GET", "/user//profile"},
                                                                   {"GET", "/user/profile/"},
                                                                   {"GET", "user/profile"},
                                                                   {"GET", "/user.profile"},
                                                                   {"", "/"},
                                                                   {"", "/root"},
                                                                   {"", "/{root}"},
                                                                   {"GET", "/"},
                                                                   {"GET", "/root"},
                                                                   {"", "/get"},
                                                                   {"GET", ""},
                                                                   {"", ""},
                                                                   {"", "-"},
                                                                   {"GET", "-"},
                                                                   {"GET", "*"},
                                                                   {"GET", "/*"},
                                                                   {"GET", "/{any}"},
                                                                   {"GET", "/any"},
                                                                   {"GET", "/**"},
                                                                   {"GET", "/{all}"},
                                                                   {"GET", "/all"},
                                                                   {"GET", "/id"},
                                                                   {"GET", "/{id}"},
                                                                   {"GET", "/{uuid}"},
                                                                   {"GET", "/uuid"},
                                                                   {"GET", "/{}"},
                                                                   {"GET", "/x/{-id}"},
                                                                   {"GET", "/x/{id}"},
                                                                   {"GET", "/x/-id"},
                                                                   {"GET", "/x-/id"},
                                                                   {"GET", "/x/{x}{id}"},
                                                                   {"", "/{id}"}};
  std::unordered_map<std::string, std::string> keys;
  for (const auto& [method, route] : kAlike) {
    const std::string key = fmt::format("{} {}", method, route);
    const auto taken = keys.try_emplace(RouteId(method, route), key);
    CAPTURE(key, taken.first->second);
    CHECK(taken.second);
    CHECK(IsSlug(taken.first->first));
  }
}

TEST_CASE("a route that already ends like a hash is told from the route whose hash that is") {
  const std::string hashed = RouteId("GET", "/user-profile");
  CHECK(hashed.size() == std::string("get-user-profile-").size() + 10);
  std::string spelled = hashed;
  std::ranges::replace(spelled, '-', '/');
  CHECK(RouteId("", "/" + spelled) != hashed);
  CHECK(RouteId("GET", "/user/profile/" + hashed.substr(hashed.size() - 10)) != hashed);
}

TEST_CASE("ids of a hundred thousand random routes are legal and distinct") {
  const std::uint64_t seed = TestSeed();
  INFO("SEED=" << seed);
  RandomPaths random(seed);
  const std::vector<std::string> methods = {"",    "GET",      "POST",    "DELETE",
                                            "get", "PROPFIND", "M-SEARCH"};
  std::unordered_map<std::string, std::string> keys;
  for (int i = 0; i < 100'000; ++i) {
    const std::string& method = methods[random.Below(methods.size())];
    const std::string route =
        random.Below(2) == 0 ? random.Path() : AutomaticTemplate(random.Path());
    const std::string key = fmt::format("{} {}", method, route);
    const std::string id = RouteId(method, route);
    const auto taken = keys.try_emplace(id, key);
    if (IsSlug(id) && (taken.second || taken.first->second == key)) continue;
    CAPTURE(key, id, taken.first->second);
    FAIL("an id is no slug, or two routes share one");
  }
}

}  // namespace routerate
