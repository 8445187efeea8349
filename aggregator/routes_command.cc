// Text for people, made by the same matcher that counts.
#include "aggregator/routes_command.h"

#include <fmt/format.h>

#include <algorithm>

#include "aggregator/route_names.h"

namespace routerate {
namespace {

std::string_view OrAny(std::string_view text) { return text.empty() ? "*" : text; }

const std::string& Expression(const RouteRule& rule) {
  return rule.path.empty() ? rule.pattern : rule.path;
}

// A rule with neither a name nor a method has an id for each method.
std::string IdOf(const RouteRule& rule) {
  if (!rule.name.empty()) return rule.name;
  return rule.method.empty() ? "(by method)" : RouteId(rule.method, Expression(rule));
}

std::string Reason(const RouteMatcher& routes, int rule_index) {
  if (rule_index < 0) {
    return routes.rules().empty() ? "there are no rules, so its template is made from its path"
                                  : "no rule fits, so its template is made from its path";
  }
  const RouteRule& rule = routes.rules()[static_cast<std::size_t>(rule_index)];
  return fmt::format("line {} of routes.yaml is the first that fits: {} {}{}", rule.line,
                     rule.path.empty() ? "pattern" : "path", Expression(rule),
                     rule.method.empty() ? "" : ", method " + rule.method);
}

}  // namespace

std::string ListRoutes(const RouteMatcher& routes) {
  std::size_t id_width = 8;
  std::size_t host_width = 4;
  for (const RouteRule& rule : routes.rules()) {
    id_width = std::max(id_width, IdOf(rule).size());
    host_width = std::max(host_width, rule.host.size());
  }
  std::string out = fmt::format("{:>4} {:{}} {:8} {:{}} {}\n", "line", "route_id", id_width,
                                "method", "host", host_width, "route");
  for (const RouteRule& rule : routes.rules()) {
    out += fmt::format("{:>4} {:{}} {:8} {:{}} {}\n", rule.line, IdOf(rule), id_width,
                       OrAny(rule.method), OrAny(rule.host), host_width, Expression(rule));
  }
  return out;
}

std::string ExplainRoute(RouteMatcher& routes, const RouteQuestion& question) {
  const std::string path = question.path.substr(0, question.path.find('?'));
  const RouteMatch match = routes.Match(question.method, question.host, path);
  std::string_view rule_method;
  if (match.rule >= 0) rule_method = routes.rules()[static_cast<std::size_t>(match.rule)].method;
  const std::string_view method = CountedMethod(question.method, rule_method);
  return fmt::format("route     {}\nroute_id  {}\nmethod    {}\nbecause   {}\n", match.route,
                     match.name.empty() ? RouteId(method, match.route) : std::string(match.name),
                     method.empty() ? "-" : method, Reason(routes, match.rule));
}

}  // namespace routerate
