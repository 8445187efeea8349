// Every miss is one: the paths are so many that each has been forgotten when its turn comes again.
#include "bench/route_workloads.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <string>

#include "base/check.h"
#include "parsers/route_matcher.h"

namespace routerate::bench {
namespace {

constexpr std::uint32_t kSeed = 4711;
constexpr int kManyRules = 1000;
constexpr std::uint64_t kRememberedPaths = RouteMatcher::kMemoEntries / 8;
constexpr std::uint64_t kForgottenPaths = RouteMatcher::kMemoEntries * 4;

std::vector<RouteRule> Patterns() {
  std::vector<RouteRule> rules(kManyRules);
  for (int i = 0; i < kManyRules; ++i) {
    rules[static_cast<std::size_t>(i)].name = fmt::format("pattern-{}", i);
    rules[static_cast<std::size_t>(i)].pattern =
        fmt::format("/(api|v[0-9]+)/resource{}/[0-9]+(/[a-z]+)?", i);
  }
  return rules;
}

std::vector<RouteRule> Templates() {
  std::vector<RouteRule> rules(kManyRules);
  for (int i = 0; i < kManyRules; ++i) {
    rules[static_cast<std::size_t>(i)].path = fmt::format("/api/resource{}/{{id}}/{{part}}", i);
  }
  return rules;
}

// Different ones, each of one of the rules above.
std::vector<std::string> Paths(std::uint64_t count) {
  std::minstd_rand random(kSeed);
  std::vector<std::string> paths;
  paths.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    paths.push_back(fmt::format("/api/resource{}/{}/items", random() % kManyRules, 100'000 + i));
  }
  std::shuffle(paths.begin(), paths.end(), random);
  return paths;
}

class Lookups {
 public:
  Lookups(std::vector<RouteRule> rules, std::uint64_t paths, std::uint64_t lookups)
      : expects_rule_(!rules.empty()), paths_(Paths(paths)), lookups_(lookups) {
    auto routes = RouteMatcher::Create(std::move(rules), "routes.yaml");
    RR_CHECK(routes.has_value());
    routes_ = std::make_unique<RouteMatcher>(*std::move(routes));
  }

  Pass Run() {
    Pass pass;
    for (std::uint64_t i = 0; i < lookups_; ++i) {
      const RouteMatch match = routes_->Match("GET", "shop.example.com", paths_[next_]);
      next_ = next_ + 1 == paths_.size() ? 0 : next_ + 1;
      pass.checksum += match.route.size();
      pass.understood += (match.rule >= 0) == expects_rule_ ? 1 : 0;
    }
    return pass;
  }

 private:
  bool expects_rule_;
  std::vector<std::string> paths_;
  std::uint64_t lookups_;
  std::unique_ptr<RouteMatcher> routes_;
  std::size_t next_ = 0;
};

Workload Case(const char* name, std::string what, std::function<std::vector<RouteRule>()> rules,
              std::uint64_t paths, std::uint64_t lookups) {
  const auto prepare = [rules = std::move(rules), paths, lookups] {
    const auto work = std::make_shared<Lookups>(rules(), paths, lookups);
    return PreparedWorkload{.lines = lookups, .run = [work] { return work->Run(); }};
  };
  return {name, {}, std::move(what), prepare};
}

}  // namespace

std::vector<Workload> RouteWorkloads(std::uint64_t lookups) {
  return {
      Case("routes/hit", "a path in the memo, 1,000 patterns", Patterns, kRememberedPaths, lookups),
      Case("routes/miss-patterns", "a path not in the memo, 1,000 patterns", Patterns,
           kForgottenPaths, lookups),
      Case("routes/miss-templates", "a path not in the memo, 1,000 templates", Templates,
           kForgottenPaths, lookups),
      Case(
          "routes/miss-automatic", "a path not in the memo, no rules",
          [] { return std::vector<RouteRule>(); }, kForgottenPaths, lookups)};
}

}  // namespace routerate::bench
