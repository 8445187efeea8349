// Boost.JSON objects, field by field as the types of Kubernetes have them.
#include "aggregator/metric_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <iterator>

#include "aggregator/quantity.h"
#include "base/clock.h"
#include "parsers/request_sample.h"

namespace routerate {
namespace {

namespace json = boost::json;

struct Kind {
  std::string_view resource;
  std::string_view kind;
  std::string_view api_version;
};

constexpr Kind kKinds[] = {
    {"pods", "Pod", "v1"},
    {"services", "Service", "v1"},
    {"namespaces", "Namespace", "v1"},
    {"deployments.apps", "Deployment", "apps/v1"},
    {"statefulsets.apps", "StatefulSet", "apps/v1"},
    {"daemonsets.apps", "DaemonSet", "apps/v1"},
    {"replicasets.apps", "ReplicaSet", "apps/v1"},
    {"jobs.batch", "Job", "batch/v1"},
    {"ingresses.networking.k8s.io", "Ingress", "networking.k8s.io/v1"},
};

HttpResponse Json(const json::object& object) {
  return {200, "application/json", json::serialize(object) + "\n"};
}

// Of a resource that is not listed nobody told us the kind: clients that asked for an object know.
json::object DescribedObject(const MetricQuestion& question, const MetricValue& value) {
  json::object object;
  const auto* kind = std::ranges::find(kKinds, question.resource, &Kind::resource);
  const bool known = kind != std::end(kKinds);
  object["kind"] = known ? kind->kind : std::string_view(question.resource);
  if (question.resource != "namespaces") object["namespace"] = question.name_space;
  object["name"] = value.object;
  if (known) object["apiVersion"] = kind->api_version;
  return object;
}

std::string_view OperatorName(SelectorOperator op) {
  using enum SelectorOperator;
  switch (op) {
    case kIn:
      return "In";
    case kNotEquals:
    case kNotIn:
      return "NotIn";
    case kExists:
      return "Exists";
    case kDoesNotExist:
      return "DoesNotExist";
    case kGreaterThan:
      return "Gt";
    case kLessThan:
      return "Lt";
    case kEquals:
      break;
  }
  return "In";
}

// metav1.LabelSelector; null where everything is selected.
json::value SelectorOf(const LabelSelector& selector) {
  if (selector.requirements.empty()) return nullptr;
  json::object labels;
  json::array expressions;
  for (const SelectorRequirement& one : selector.requirements) {
    if (one.op == SelectorOperator::kEquals && !labels.contains(one.key)) {
      labels[one.key] = one.values.front();
      continue;
    }
    json::object expression{{"key", one.key}, {"operator", OperatorName(one.op)}};
    if (!one.values.empty())
      expression["values"] = json::array(one.values.begin(), one.values.end());
    expressions.push_back(std::move(expression));
  }
  json::object object;
  if (!labels.empty()) object["matchLabels"] = std::move(labels);
  if (!expressions.empty()) object["matchExpressions"] = std::move(expressions);
  return object;
}

// As metav1.Time.
std::string Timestamp(std::int64_t second) { return UtcText(second * kMsASecond); }

std::string QuantityOf(const MetricQuestion& question, double value) {
  const bool seconds = question.metric->kind == MetricKind::kDurationQuantile;
  return seconds ? MicroQuantity(value) : MilliQuantity(value);
}

json::object CustomItem(const MetricQuestion& question, const MetricValue& value) {
  json::object item{{"describedObject", DescribedObject(question, value)}};
  if (question.version == MetricsApiVersion::kCustomV1Beta1) {
    item["metricName"] = question.metric->name;
    item["timestamp"] = Timestamp(value.end_s);
    item["window"] = value.window_s;
    item["value"] = QuantityOf(question, value.value);
    item["selector"] = SelectorOf(question.series);
    return item;
  }
  item["metric"] =
      json::object{{"name", question.metric->name}, {"selector", SelectorOf(question.series)}};
  item["timestamp"] = Timestamp(value.end_s);
  item["windowSeconds"] = value.window_s;
  item["value"] = QuantityOf(question, value.value);
  return item;
}

// What is equal in all that was summed up, as far as the selector says it.
json::object ExternalLabels(const MetricQuestion& question) {
  json::object labels{{"namespace", question.name_space}};
  for (const SelectorRequirement& one : question.series.requirements) {
    const bool exact = one.op == SelectorOperator::kEquals ||
                       (one.op == SelectorOperator::kIn && one.values.size() == 1);
    if (exact) labels[one.key] = one.values.front();
  }
  return labels;
}

json::object ExternalItem(const MetricQuestion& question, const MetricValue& value) {
  return {{"metricName", question.metric->name},
          {"metricLabels", ExternalLabels(question)},
          {"timestamp", Timestamp(value.end_s)},
          {"window", value.window_s},
          {"value", QuantityOf(question, value.value)}};
}

json::object VersionOf(MetricsApiVersion version) {
  const std::string_view group_version = GroupVersionOf(version);
  return {{"groupVersion", group_version},
          {"version", group_version.substr(group_version.find('/') + 1)}};
}

json::object GroupOf(const std::vector<MetricsApiVersion>& versions) {
  const std::string_view first = GroupVersionOf(versions.front());
  json::array all;
  for (const MetricsApiVersion version : versions) all.push_back(VersionOf(version));
  return {{"kind", "APIGroup"},
          {"apiVersion", "v1"},
          {"name", first.substr(0, first.find('/'))},
          {"versions", std::move(all)},
          {"preferredVersion", VersionOf(versions.front())}};
}

}  // namespace

std::string_view GroupVersionOf(MetricsApiVersion version) {
  switch (version) {
    case MetricsApiVersion::kCustomV1Beta1:
      return "custom.metrics.k8s.io/v1beta1";
    case MetricsApiVersion::kCustomV1Beta2:
      return "custom.metrics.k8s.io/v1beta2";
    case MetricsApiVersion::kExternalV1Beta1:
      break;
  }
  return "external.metrics.k8s.io/v1beta1";
}

HttpResponse MetricListResponse(const MetricQuestion& question,
                                const std::vector<MetricValue>& values) {
  const bool external = question.version == MetricsApiVersion::kExternalV1Beta1;
  json::array items;
  for (const MetricValue& value : values) {
    items.push_back(external ? ExternalItem(question, value) : CustomItem(question, value));
  }
  return Json({{"kind", external ? "ExternalMetricValueList" : "MetricValueList"},
               {"apiVersion", GroupVersionOf(question.version)},
               {"metadata", json::object()},
               {"items", std::move(items)}});
}

HttpResponse GroupListResponse(std::span<const std::vector<MetricsApiVersion>> groups) {
  json::array all;
  for (const auto& versions : groups) all.push_back(GroupOf(versions));
  return Json({{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", std::move(all)}});
}

HttpResponse GroupResponse(const std::vector<MetricsApiVersion>& versions) {
  return Json(GroupOf(versions));
}

// The verb is get alone: what could be listed, Kubernetes' garbage collector would list.
HttpResponse ResourceListResponse(MetricsApiVersion version) {
  const bool external = version == MetricsApiVersion::kExternalV1Beta1;
  constexpr std::array<std::string_view, 4> kObjects = {"pods/", "services/", "deployments.apps/",
                                                        "namespaces/"};
  json::array resources;
  const auto add = [&](std::string_view object, std::string_view metric) {
    resources.push_back(
        json::object{{"name", fmt::format("{}{}", object, metric)},
                     {"singularName", ""},
                     {"namespaced", object != "namespaces/"},
                     {"kind", external ? "ExternalMetricValueList" : "MetricValueList"},
                     {"verbs", json::array{"get"}}});
  };
  for (const MetricDefinition& metric : kMetricDefinitions) {
    if (external) add("", metric.name);
    for (const std::string_view object : kObjects) {
      if (!external) add(object, metric.name);
    }
  }
  return Json({{"kind", "APIResourceList"},
               {"apiVersion", "v1"},
               {"groupVersion", GroupVersionOf(version)},
               {"resources", std::move(resources)}});
}

}  // namespace routerate
