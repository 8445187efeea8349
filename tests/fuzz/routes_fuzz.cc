// Routes: rules and paths of any bytes. The first lines of the input are rules, as routes.yaml
// would give them, one of NAME, METHOD, HOST, a template or a pattern between tabs; behind an empty
// line stand requests: METHOD, HOST and path.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/request_path.h"
#include "parsers/route_matcher.h"
#include "tests/fuzz/checked_event.h"

namespace routerate {
namespace {

constexpr std::size_t kMostRules = 20;

// Up to `end`, which is taken too.
std::string_view Take(std::string_view* rest, char end) {
  const std::string_view part = rest->substr(0, rest->find(end));
  rest->remove_prefix(std::min(part.size() + 1, rest->size()));
  return part;
}

std::vector<RouteRule> TakeRules(std::string_view* rest) {
  std::vector<RouteRule> rules;
  while (rules.size() < kMostRules && !rest->empty()) {
    std::string_view line = Take(rest, '\n');
    if (line.empty()) break;
    RouteRule rule;
    rule.line = static_cast<int>(rules.size()) + 1;
    rule.name = Take(&line, '\t');
    rule.method = Take(&line, '\t');
    rule.host = Take(&line, '\t');
    (line.starts_with('/') ? rule.path : rule.pattern) = line;
    rules.push_back(std::move(rule));
  }
  return rules;
}

bool IsPrintable(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c > '~' || c == '"' || c == '\\') return false;
  }
  return !text.empty();
}

void CheckAutomatic(std::string_view path) {
  std::string canonical;
  CanonicalPath(path, &canonical);
  Promise(IsPrintable(canonical), "a canonical path is printable ASCII", path);
  std::string again;
  CanonicalPath(canonical, &again);
  Promise(again == canonical, "a canonical path is its own canonical path", path);
  const std::string route = AutomaticTemplate(path);
  Promise(IsPrintable(route), "a template is printable ASCII", path);
  Promise(route.size() <= kMaxTemplateBytes, "a template is bounded", path);
  Promise(AutomaticTemplate(path) == route, "a path has one template", path);
  Promise(AutomaticTemplate(route) == route, "a template is its own template", path);
}

struct Named {
  std::string route, id;
  int rule;
  bool operator==(const Named&) const = default;
};

Named NameOf(RouteMatcher* matcher, std::string_view method, std::string_view host,
             std::string_view path) {
  const RouteMatch match = matcher->Match(method, host, path);
  Named named{std::string(match.route), std::string(match.name), match.rule};
  if (named.id.empty()) named.id = RouteId(method, match.route);
  return named;
}

void CheckRequests(std::string_view rest, RouteMatcher* matcher, RouteMatcher* fresh) {
  while (!rest.empty()) {
    std::string_view line = Take(&rest, '\n');
    const std::string_view method = Take(&line, '\t');
    const std::string_view host = Take(&line, '\t');
    CheckAutomatic(line);
    const Named first = NameOf(matcher, method, host, line);
    Promise(first == NameOf(matcher, method, host, line), "a route is remembered", line);
    Promise(first == NameOf(fresh, method, host, line), "a route is a replica's, too", line);
    Promise(IsLabelValue(first.id), "a route_id is a label value", first.id);
    Promise(first.rule >= 0 || first.route == AutomaticTemplate(line),
            "what no rule fits has its automatic template", line);
    Promise(first.rule < static_cast<int>(matcher->rules().size()), "a rule is there", line);
  }
}

void CheckRoutes(std::string_view text) {
  const std::vector<RouteRule> rules = TakeRules(&text);
  // What they remember from earlier inputs must make no difference.
  static RouteMatcher automatic = *RouteMatcher::Create({}, "");
  static RouteMatcher twin = *RouteMatcher::Create({}, "");
  if (rules.empty()) return CheckRequests(text, &automatic, &twin);
  auto matcher = RouteMatcher::Create(rules, "routes.yaml");
  auto fresh = RouteMatcher::Create(rules, "routes.yaml");
  Promise(matcher.has_value() == fresh.has_value(), "rules are judged the same", "rules");
  if (matcher) return CheckRequests(text, &*matcher, &*fresh);
  const std::string& message = matcher.error().message;
  Promise(message.starts_with("routes.yaml:"), "a mistake has its place", message);
  Promise(message == fresh.error().message, "a mistake is told the same", message);
}

}  // namespace
}  // namespace routerate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  routerate::CheckRoutes({reinterpret_cast<const char*>(data), size});
  return 0;
}
