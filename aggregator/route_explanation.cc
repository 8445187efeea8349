// The matcher answers; here its answer is taken apart again: the canonical path beside the path as
// sent, the rules that fit, and the template's segments beside the path's.
#include "aggregator/route_explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "aggregator/printable_word.h"
#include "aggregator/rule_ids.h"
#include "parsers/request_path.h"
#include "parsers/route_names.h"

namespace routerate {
namespace {

struct Meaning {
  std::string_view text;
  std::string_view meaning;
};

// What in a target as sent is not in its canonical path.
constexpr std::array kSpellings = {
    Meaning{";", "path parameters are dropped"},
    Meaning{"%", "percent-encoding has one spelling"},
    Meaning{"//", "slashes are folded"},
    Meaning{"/.", "dot segments are resolved"},
};

constexpr std::array kPlaceholders = {
    Meaning{"{id}", "a number, size or address"},
    Meaning{"{uuid}", "a UUID"},
    Meaning{"{date}", "a date"},
    Meaning{"{email}", "an e-mail address"},
    Meaning{"{token}", "looks generated: a digest, key or token"},
    Meaning{"{file}", "images, fonts, sound and film count by folder and extension"},
    Meaning{"{text}", "free text: percent-encoding, stray braces, or too long"},
};

std::string Line(std::string_view title, std::string_view text) {
  return fmt::format("{:<9} {}\n", title, text);
}

std::string Target(std::string_view path) { return PrintableWord(path.substr(0, path.find('?'))); }

// "http://host/path" -> "/path".
std::string_view WithoutHost(std::string_view sent) {
  if (sent.starts_with('/')) return sent;
  const std::size_t path = sent.find('/', sent.find("://") + 3);
  return path == std::string_view::npos ? "/" : sent.substr(path);
}

std::string ExplainPath(std::string_view sent, std::string_view canonical) {
  if (sent == canonical) return Line("path", canonical);
  if (canonical == "-") return Line("path", fmt::format("-, since there is none in '{}'", sent));
  std::string out = Line("path", fmt::format("{}, sent as {}", canonical, sent));
  const std::string_view path = WithoutHost(sent);
  bool told = path != sent;
  if (told) out += Line("", "the host of an absolute target is left out");
  for (const auto& [text, meaning] : kSpellings) {
    if (path.find(text) == std::string_view::npos) continue;
    out += Line("", meaning);
    told = true;
  }
  if (!told && sent.ends_with('/')) return out + Line("", "a trailing slash is folded");
  return told ? out : out + Line("", "bytes that may not stand in a path are percent-encoded");
}

// ", but wants method POST and host a.example"
std::string Unmet(const RouteRule& rule) {
  std::string wants;
  if (!rule.method.empty()) wants = "method " + rule.method;
  if (!rule.host.empty()) wants += (wants.empty() ? "host " : " and host ") + rule.host;
  return ", but wants " + wants;
}

std::string ExplainRules(const RouteMatcher& routes, const std::vector<FittingRule>& fitting) {
  const auto answer = std::ranges::find_if(fitting, &FittingRule::holds);
  std::string out;
  if (answer == fitting.end()) {
    out = Line("because", routes.rules().empty() ? "there are no rules: the path makes its template"
                                                 : "no rule fits: the path makes its template");
  } else {
    const RouteRule& rule = routes.rules()[static_cast<std::size_t>(answer->rule)];
    out = Line("because",
               fmt::format("line {} of routes.yaml is the first that fits: {}{}{}", rule.line,
                           DescribeRule(rule), rule.method.empty() ? "" : ", method " + rule.method,
                           rule.host.empty() ? "" : ", host " + rule.host));
  }
  for (const FittingRule& other : fitting) {
    if (answer != fitting.end() && other.rule == answer->rule) continue;
    const RouteRule& rule = routes.rules()[static_cast<std::size_t>(other.rule)];
    out +=
        Line("", fmt::format("line {} fits the path too{}: {}", rule.line,
                             other.holds ? ", but comes later" : Unmet(rule), DescribeRule(rule)));
  }
  return out;
}

std::string ExplainTarget(const RouteRule& rule) {
  if (rule.target.empty()) return {};
  const bool has_namespace = std::ranges::count(rule.target, '/') > 1;
  return Line(
      "target",
      rule.target + (has_namespace ? "" : ", in the namespace of the service that logs it"));
}

// Takes the first segment off *path.
std::string_view NextSegment(std::string_view* path) {
  path->remove_prefix(1);  // the slash
  const std::string_view segment = path->substr(0, path->find('/'));
  path->remove_prefix(segment.size());
  return segment;
}

std::string MeaningOf(std::string_view from, std::string_view to) {
  std::string meaning;
  for (const auto& [placeholder, means] : kPlaceholders) {
    if (to.find(placeholder) == std::string_view::npos) continue;
    meaning += meaning.empty() ? "" : "; ";
    meaning += means;
  }
  if (meaning.empty()) return "a name";
  return from == to ? "a template already" : meaning;
}

std::string ExplainTemplate(std::string_view canonical, std::string_view route) {
  std::string out;
  if (!canonical.starts_with('/') || canonical == "/") return out;
  while (!route.empty()) {
    const std::string_view to = NextSegment(&route);
    const std::string_view from = NextSegment(&canonical);
    if (to == "**" && (from != to || !canonical.empty())) {
      return out + Line("", fmt::format("** the rest: more than {} segments or {} bytes",
                                        kMaxTemplateSegments, kMaxTemplateBytes));
    }
    const std::string_view arrow = from == to ? "" : " -> ";
    out +=
        Line("", fmt::format("{}{}{}: {}", from, arrow, from == to ? "" : to, MeaningOf(from, to)));
  }
  return out;
}

}  // namespace

std::string ExplainRoute(RouteMatcher& routes, const RouteQuestion& question) {
  const std::string path = question.path.substr(0, question.path.find('?'));
  const auto fitting = routes.Fitting(question.method, question.host, path);
  const RouteMatch match = routes.Match(question.method, question.host, path);
  const RouteRule* rule =
      match.rule >= 0 ? &routes.rules()[static_cast<std::size_t>(match.rule)] : nullptr;
  const std::string_view method =
      CountedMethod(question.method, rule == nullptr ? "" : std::string_view(rule->method));
  std::string canonical;
  CanonicalPath(path, &canonical);
  std::string out = Line("route", match.route) + Line("route_id", routes.IdOf(match, method)) +
                    Line("method", method.empty() ? "-" : method) +
                    (rule == nullptr ? "" : ExplainTarget(*rule)) +
                    ExplainPath(Target(path), canonical) + ExplainRules(routes, fitting);
  return rule != nullptr ? out : out + ExplainTemplate(canonical, match.route);
}

}  // namespace routerate
