// Paths of the metrics APIs: which are questions, and about what.
#include "aggregator/metric_question.h"

#include <catch2/catch.hpp>
#include <vector>

namespace routerate {
namespace {

constexpr auto kCustomApi = MetricsApiVersion::kCustomV1Beta2;
constexpr auto kExternalApi = MetricsApiVersion::kExternalV1Beta1;

auto Parse(MetricsApiVersion version, const std::vector<std::string_view>& rest,
           const std::map<std::string, std::string>& query = {}) {
  return ParseMetricQuestion(version, rest, query);
}

TEST_CASE("pods, objects and namespaces are asked for by path") {
  const auto pods =
      Parse(kCustomApi, {"namespaces", "shop", "pods", "*", "http_requests_per_second"},
            {{"labelSelector", "app=web"}, {"metricLabelSelector", "route_id=a"}});
  REQUIRE(pods);
  CHECK(pods->name_space == "shop");
  CHECK(pods->resource == "pods");
  CHECK(pods->name == "*");
  CHECK(pods->metric->name == "http_requests_per_second");
  CHECK(pods->objects.requirements.size() == 1);
  CHECK(pods->series.requirements[0].key == "route_id");
  const auto deployment = Parse(
      kCustomApi, {"namespaces", "shop", "deployments.apps", "web", "http_errors_per_second"});
  REQUIRE(deployment);
  CHECK(deployment->resource == "deployments.apps");
  CHECK(Parse(kCustomApi, {"namespaces", "shop", "deployments", "web", "http_errors_per_second"})
            ->resource == "deployments.apps");
  const auto space =
      Parse(kCustomApi, {"namespaces", "shop", "metrics", "http_requests_per_second_10s"});
  REQUIRE(space);
  CHECK(space->resource == "namespaces");
  CHECK(space->name == "shop");
  CHECK(Parse(kCustomApi, {"namespaces", "shop", "http_requests_per_second_10s"})->resource ==
        "namespaces");
}

TEST_CASE("external names are taken in any case, and their selector is labelSelector") {
  const auto question = Parse(kExternalApi, {"namespaces", "shop", "HTTP_Requests_per_second"},
                              {{"labelSelector", "service=web"}, {"timeout", "5s"}});
  REQUIRE(question);
  CHECK(question->metric->name == "http_requests_per_second");
  CHECK(question->series.requirements[0].key == "service");
  CHECK(question->resource.empty());
}

TEST_CASE("what is no question is an error with its code") {
  const auto code = [](const auto& question) { return question ? 0 : question.error().code; };
  CHECK(code(Parse(kCustomApi, {"nodes", "foo"})) == 404);
  CHECK(code(Parse(kCustomApi, {"nodes", "foo", "http_requests_per_second"})) == 404);
  CHECK(code(Parse(kCustomApi, {"namespaces", "ns", "pods", "bar"})) == 404);
  CHECK(code(Parse(kCustomApi, {"namespaces", "ns", "pods", "", "http_requests_per_second"})) ==
        404);
  CHECK(code(Parse(kExternalApi, {"namespaces", "foo", "group", "metric"})) == 404);
  CHECK(code(Parse(kExternalApi, {"namespaces", "foo"})) == 404);
  CHECK(code(Parse(kCustomApi, {"namespaces", "ns", "pods", "*", "HTTP_requests_per_second"})) ==
        404);
  const auto unknown = Parse(kExternalApi, {"namespaces", "foo", "cpu"});
  REQUIRE(code(unknown) == 404);
  CHECK_THAT(unknown.error().message, Catch::Contains("http_errors_per_second"));
  const auto bad = Parse(kCustomApi, {"namespaces", "ns", "pods", "*", "http_requests_per_second"},
                         {{"metricLabelSelector", "route_id=_users_id"}});
  REQUIRE(code(bad) == 400);
  CHECK_THAT(bad.error().message, Catch::StartsWith("unable to parse metricLabelSelector"));
}

}  // namespace
}  // namespace routerate
