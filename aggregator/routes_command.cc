// Text for people, made by the same matcher that counts.
#include "aggregator/routes_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace routerate {
namespace {

const std::string kByMethod = ",...";

using RuleCells = std::array<std::string, 5>;

std::string OrAny(const std::string& text) { return text.empty() ? "*" : text; }

std::string IdOf(const RouteMatcher& routes, int rule_index) {
  const RouteRule& rule = routes.rules()[static_cast<std::size_t>(rule_index)];
  const bool by_method = rule.name.empty() && rule.method.empty();
  const std::string id =
      routes.IdOf(routes.MatchOf(rule_index), by_method ? "GET" : std::string_view(rule.method));
  return by_method ? id + kByMethod : id;
}

// A route that feeds a workload says so behind it.
std::string RouteOf(const RouteRule& rule) {
  const std::string& route = rule.path.empty() ? rule.pattern : rule.path;
  return rule.target.empty() ? route : fmt::format("{} -> {}", route, rule.target);
}

RuleCells CellsOf(const RouteMatcher& routes, int rule_index) {
  const RouteRule& rule = routes.rules()[static_cast<std::size_t>(rule_index)];
  return {std::to_string(rule.line), IdOf(routes, rule_index), OrAny(rule.method), OrAny(rule.host),
          RouteOf(rule)};
}

}  // namespace

std::string ListRoutes(const RouteMatcher& routes) {
  std::vector<RuleCells> lines = {{"line", "route_id", "method", "host", "route"}};
  for (std::size_t i = 0; i < routes.rules().size(); ++i) {
    lines.push_back(CellsOf(routes, static_cast<int>(i)));
  }
  std::array<std::size_t, 4> widths{};
  for (const RuleCells& cells : lines) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], cells[i].size());
    }
  }
  std::string out;
  for (const RuleCells& cells : lines) {
    out += fmt::format("{:>{}} {:{}} {:{}} {:{}} {}\n", cells[0], widths[0], cells[1], widths[1],
                       cells[2], widths[2], cells[3], widths[3], cells[4]);
  }
  if (out.find(kByMethod) != std::string::npos) {
    out += fmt::format("# {} a rule without name and method has such an id for each method\n",
                       kByMethod);
  }
  return out;
}

}  // namespace routerate
