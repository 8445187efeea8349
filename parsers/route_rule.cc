// Routes, step 2a: the rules of routes.yaml are checked, one by one and against each other, before
// any request is counted by them. A mistake found here costs a restart; found later it costs an
// HPA.
#include "parsers/route_rule.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/ascii.h"
#include "parsers/route_id.h"
#include "parsers/route_target.h"
#include "parsers/rule_set.h"
#include "parsers/varying_text.h"

namespace routerate {
namespace {

bool IsMethod(std::string_view method) {
  const auto method_char = [](char c) {
    return (c >= 'A' && c <= 'Z') || IsAsciiDigit(c) || c == '-' || c == '_';
  };
  return std::ranges::all_of(method, method_char);
}

bool IsHost(std::string_view host) {
  const auto name_char = [](char c) { return IsAsciiAlnum(c) || c == '.' || c == '-' || c == '_'; };
  const auto ipv6_char = [](char c) { return IsAsciiAlnum(c) || c == '.' || c == ':'; };
  return std::ranges::all_of(host, name_char) ||
         (std::ranges::count(host, ':') > 1 && std::ranges::all_of(host, ipv6_char));
}

Result<RouteExpression> CompilePattern(const RouteRule& rule) {
  if (rule.name.empty()) {
    return Fail("a pattern needs a name: it becomes the route that people see");
  }
  if (auto valid = CheckExpression(rule.pattern); !valid) {
    return Fail(fmt::format("pattern '{}': {}", rule.pattern, valid.error().message));
  }
  return RouteExpression{rule.pattern, rule.name};
}

// A rule's requests are told from all others' by its name alone: without one they share the series
// of whatever else has their method and template.
Result<void> CheckTarget(const RouteRule& rule) {
  if (rule.target.empty()) return {};
  if (auto target = ParseRouteTarget(rule.target); !target) return Fail(target.error().message);
  if (!rule.name.empty()) return {};
  return Fail(fmt::format(
      "target '{}': expected a name beside it: what feeds it is counted by name", rule.target));
}

// One rule by itself.
Result<RouteExpression> CompileRule(const RouteRule& rule) {
  if (rule.path.empty() == rule.pattern.empty()) {
    return Fail(rule.path.empty() ? "a route needs 'path' or 'pattern'"
                                  : "a route has 'path' or 'pattern', not both");
  }
  if (!rule.name.empty() && !IsLabelValue(rule.name)) {
    return Fail(
        fmt::format("name '{}' is no label value: expected 1 to 63 letters, digits, '-', '_' or "
                    "'.', the first and the last a letter or digit",
                    rule.name));
  }
  if (!IsMethod(rule.method)) {
    return Fail(fmt::format("method '{}': expected a method as requests have it, such as GET",
                            rule.method));
  }
  if (!IsHost(rule.host)) {
    return Fail(fmt::format("host '{}': expected a host name or address, without port", rule.host));
  }
  if (auto valid = CheckTarget(rule); !valid) return Fail(valid.error().message);
  auto expression = rule.path.empty() ? CompilePattern(rule) : CompileTemplate(rule.path);
  if (!expression) return expression;
  const auto not_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  if (std::ranges::any_of(expression->regex, not_ascii)) {
    return Fail(
        fmt::format("'{}': expressions meet paths percent-encoded, write %C3%A4 for \xC3\xA4",
                    expression->regex));
  }
  // The parts of a template are sound; the whole may still be too large.
  if (auto valid = CheckExpression(expression->regex); !valid) {
    return Fail(fmt::format("path '{}': {}", rule.path, valid.error().message));
  }
  return expression;
}

std::string Describe(const RouteRule& rule) {
  return rule.path.empty() ? fmt::format("pattern '{}'", rule.pattern)
                           : fmt::format("path '{}'", rule.path);
}

// What earlier rules have taken. Borrows them.
class TakenNames {
 public:
  // Takes the rule's conditions and ids; says what is wrong when an earlier rule has them.
  Result<void> Take(const RouteRule& rule, const RouteExpression& expression) {
    const auto same =
        conditions_.try_emplace({rule.method, AsciiLowered(rule.host), expression.regex}, &rule);
    if (!same.second) {
      const RouteRule& first = *same.first->second;
      return Fail(fmt::format("{}: never reached: line {}, {}, matches the same requests first",
                              Describe(rule), first.line, Describe(first)));
    }
    return rule.name.empty() ? TakeSlugs(rule, expression.route) : TakeName(rule);
  }

 private:
  Result<void> TakeName(const RouteRule& rule) {
    if (const auto slug = slugs_.find(rule.name); slug != slugs_.end()) {
      return Taken(rule.name, rule, *slug->second);
    }
    const auto name = names_.try_emplace(rule.name, &rule);
    return name.second ? Result<void>{} : Taken(rule.name, rule, *name.first->second);
  }

  // A rule for any method has a slug a method.
  Result<void> TakeSlugs(const RouteRule& rule, const std::string& route) {
    const auto own = slug_owners_.try_emplace({rule.method, route}, &rule);
    if (!own.second) return Taken(RouteId(rule.method, route), rule, *own.first->second);
    std::vector<std::string> slugs = {RouteId(rule.method, route)};
    if (rule.method.empty()) {
      for (const std::string_view method : kCommonMethods) slugs.push_back(RouteId(method, route));
    }
    for (const std::string& slug : slugs) {
      if (const auto name = names_.find(slug); name != names_.end()) {
        return Taken(slug, rule, *name->second);
      }
      slugs_.try_emplace(slug, &rule);
    }
    return {};
  }

  static Result<void> Taken(const std::string& id, const RouteRule& rule, const RouteRule& by) {
    return Fail(
        fmt::format("{}: route id '{}' is taken by line {}, {}: give one of them another name",
                    Describe(rule), id, by.line, Describe(by)));
  }

  std::map<std::tuple<std::string, std::string, std::string>, const RouteRule*> conditions_;
  std::map<std::pair<std::string, std::string>, const RouteRule*> slug_owners_;  // method, route
  std::map<std::string, const RouteRule*> names_;
  std::map<std::string, const RouteRule*> slugs_;
};

}  // namespace

Result<std::vector<RouteExpression>> CompileRules(const std::vector<RouteRule>& rules,
                                                  const std::string& file_name) {
  const auto reject = [&](const RouteRule& rule, const std::string& what) {
    return Fail(fmt::format("{}:{}: {}", file_name, rule.line, what));
  };
  if (rules.size() > kMaxRouteRules) {
    return reject(rules[kMaxRouteRules], fmt::format("more than {} routes", kMaxRouteRules));
  }
  std::vector<RouteExpression> expressions;
  TakenNames taken;
  for (const RouteRule& rule : rules) {
    auto expression = CompileRule(rule);
    if (!expression) return reject(rule, expression.error().message);
    if (auto free = taken.Take(rule, *expression); !free) return reject(rule, free.error().message);
    expressions.push_back(std::move(*expression));
  }
  return expressions;
}

}  // namespace routerate
