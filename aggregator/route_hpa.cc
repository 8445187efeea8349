// A text with holes. Whatever is put into it is checked before, and quoted: a name such as 007 or
// true is a text to Kubernetes and not to YAML.
#include "aggregator/route_hpa.h"

#include <fmt/format.h>

#include <algorithm>

#include "aggregator/printable_word.h"
#include "aggregator/rule_ids.h"
#include "base/dns_name.h"
#include "parsers/route_names.h"

namespace routerate {
namespace {

constexpr std::size_t kSimilarIds = 3;

// {0} kind, {1} workload, {2} namespace, {3} route, {4} min, {5} max, {6} service, {7} route_id,
// {8} target, {9} a comment on min
constexpr std::string_view kManifest =
    R"(# Scales {0} {1} by the requests per second of one route, counted over all of its pods:
#   {3}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: "{1}"
  namespace: "{2}"
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: {0}
    name: "{1}"
  minReplicas: {4}{9}
  maxReplicas: {5}
  metrics:
    # The route's total over the last minute. AverageValue makes replicas = total / averageValue,
    # whatever runs now; type Value would multiply the replicas that run, again at each sync.
    - type: Object
      object:
        describedObject:
          apiVersion: v1
          kind: Service
          name: "{6}"
        metric:
          name: http_requests_per_second
          selector:
            matchLabels:
              route_id: "{7}"
        target:
          type: AverageValue
          averageValue: "{8}"  # what one pod serves well, in requests per second
    # The same over ten seconds, as a second metric: the larger of both wins, so that a burst scales
    # up within seconds while the minute alone decides what a calm service needs.
    # - type: Object
    #   object:
    #     describedObject:
    #       apiVersion: v1
    #       kind: Service
    #       name: "{6}"
    #     metric:
    #       name: http_requests_per_second_10s
    #       selector:
    #         matchLabels:
    #           route_id: "{7}"
    #     target:
    #       type: AverageValue
    #       averageValue: "{8}"
  behavior:
    scaleUp:
      stabilizationWindowSeconds: 0
      selectPolicy: Max
      policies:
        - type: Percent
          value: 100
          periodSeconds: 15
        - type: Pods
          value: 4
          periodSeconds: 15
    scaleDown:
      # The most replicas that the last five minutes asked for stay, then half of them a minute go.
      stabilizationWindowSeconds: 300
      policies:
        - type: Percent
          value: 50
          periodSeconds: 60
)";

// Without a pod there is no log but a front server's.
constexpr std::string_view kFromZero =
    "  # needs HPAScaleToZero (Kubernetes 1.37), and a front server's log to scale up again";

// A quantity above zero: digits, up to three behind a point, or thousandths with an m.
bool IsTarget(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::size_t kMostDigits = 9;
  if (text.find_first_of("123456789") == std::string_view::npos) return false;
  std::string_view fraction;
  if (text.ends_with('m')) {
    text.remove_suffix(1);
  } else if (const std::size_t point = text.find('.'); point != std::string_view::npos) {
    fraction = text.substr(point + 1);
    text = text.substr(0, point);
    if (fraction.empty() || fraction.size() > 3) return false;
  }
  return !text.empty() && text.size() <= kMostDigits &&
         text.find_first_not_of(kDigits) == std::string_view::npos &&
         fraction.find_first_not_of(kDigits) == std::string_view::npos;
}

struct ScaledWorkload {
  std::string_view kind = "Deployment";
  std::string_view name;
};

Result<ScaledWorkload> WorkloadOf(const HpaRequest& request) {
  ScaledWorkload workload{.name = request.workload.empty() ? request.service : request.workload};
  if (const std::size_t slash = workload.name.find('/'); slash != std::string_view::npos) {
    const std::string_view kind = workload.name.substr(0, slash);
    workload.name.remove_prefix(slash + 1);
    if (kind == "statefulset" || kind == "statefulsets.apps") {
      workload.kind = "StatefulSet";
    } else if (kind != "deployment" && kind != "deployments.apps") {
      return Fail(fmt::format("workload '{}': expected deployment/NAME or statefulset/NAME",
                              request.workload));
    }
  }
  if (!IsDnsSubdomain(workload.name)) {
    return Fail(
        fmt::format("workload '{}': expected a name of lower-case letters, digits, '-' "
                    "and '.'",
                    request.workload));
  }
  return workload;
}

Result<void> Check(const HpaRequest& request) {
  for (const auto& [option, value] :
       {std::pair{"namespace", &request.name_space}, std::pair{"service", &request.service}}) {
    if (!IsDnsLabel(*value)) {
      return Fail(fmt::format("{} '{}': expected 1 to 63 lower-case letters, digits and '-'",
                              option, *value));
    }
  }
  if (!IsTarget(request.target)) {
    return Fail(
        fmt::format("target '{}': expected requests per second and pod, above 0, such as "
                    "100, 0.5 or 500m",
                    request.target));
  }
  if (request.max == 0 || request.min > request.max) {
    return Fail(fmt::format("min {}, max {}: expected 0 <= min <= max and max > 0", request.min,
                            request.max));
  }
  return {};
}

// The example's route, when that is the one asked for.
Result<std::string> RouteOfExample(RouteMatcher& routes, const HpaRequest& request) {
  const RouteQuestion& example = request.example;
  const std::string path = example.path.substr(0, example.path.find('?'));
  const RouteMatch match = routes.Match(example.method, example.host, path);
  std::string_view rule_method;
  if (match.rule >= 0) rule_method = routes.rules()[static_cast<std::size_t>(match.rule)].method;
  const std::string_view method = CountedMethod(example.method, rule_method);
  const std::string id = routes.IdOf(match, method);
  if (id != request.route_id) {
    return Fail(fmt::format("{} counts as route_id '{}', not '{}'",
                            ReadableRoute(example.method, example.path), id, request.route_id));
  }
  return match.rule < 0 ? ReadableRoute(method, match.route) + " (automatic)"
                        : ReadableRoute(method, match.route);
}

Error Unknown(const HpaRequest& request, const std::vector<RuleId>& ids) {
  const auto similar = SimilarIds(request.route_id, ids, kSimilarIds);
  return {
      fmt::format("no rule of routes.yaml makes route_id '{}'{}; for an automatic route give one "
                  "of its requests too: routes hpa {} METHOD PATH",
                  request.route_id,
                  similar.empty() ? "" : fmt::format(" (similar: {})", fmt::join(similar, ", ")),
                  request.route_id)};
}

std::string_view TextOf(const RouteRule& rule) {
  return rule.path.empty() ? rule.pattern : rule.path;
}

// The route that has the id, for people.
Result<std::string> RouteOf(RouteMatcher& routes, const HpaRequest& request) {
  if (!request.example.path.empty()) return RouteOfExample(routes, request);
  const std::vector<RuleId> ids = RuleIdsOf(routes);
  const auto known = std::ranges::find(ids, request.route_id, &RuleId::id);
  if (known == ids.end()) return std::unexpected(Unknown(request, ids));
  const RouteRule& rule = routes.rules()[static_cast<std::size_t>(known->rule)];
  return fmt::format("{} (line {} of routes.yaml)",
                     ReadableRoute(known->method, PrintableWord(TextOf(rule))), rule.line);
}

}  // namespace

std::string ReadableRoute(std::string_view method, std::string_view route) {
  return method.empty() ? std::string(route) : fmt::format("{} {}", method, route);
}

Result<std::string> HpaManifestOf(std::string_view route, const HpaRequest& request) {
  if (auto checked = Check(request); !checked) return std::unexpected(checked.error());
  const auto workload = WorkloadOf(request);
  if (!workload) return std::unexpected(workload.error());
  return fmt::format(kManifest, workload->kind, workload->name, request.name_space, route,
                     request.min, request.max, request.service, request.route_id, request.target,
                     request.min == 0 ? kFromZero : "");
}

Result<std::string> HpaManifest(RouteMatcher& routes, const HpaRequest& request) {
  const auto route = RouteOf(routes, request);
  if (!route) return std::unexpected(route.error());
  return HpaManifestOf(*route, request);
}

}  // namespace routerate
