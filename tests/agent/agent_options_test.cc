// agent.yaml: what is read, and the message of each mistake.
#include "agent/agent_options.h"

#include <catch2/catch.hpp>

#include "tests/agent/agent_yaml.h"
#include "tests/memory_file_system.h"

using namespace routerate;

namespace {

const std::string kGood =
    "source: {namespace: shop, service: front, pod: web-1}\n"
    "inputs:\n"
    "  - {path: /logs/nginx/*.log, format: nginx}\n"
    "  - {path: /logs/tomcat/*.txt, format: tomcat, service: shop-api}\n"
    "kafka: {brokers: 'kafka:9092', properties: {security.protocol: ssl}}\n";

}  // namespace

TEST_CASE("a good configuration is read, and the rest has its defaults") {
  const auto options = LoadAgentYaml(kGood + "max_in_flight: 1MiB\n");
  REQUIRE(options.has_value());
  CHECK(options->Source(0) == "shop/front/web-1");
  CHECK(options->Source(1) == "shop/shop-api/web-1");
  CHECK(options->inputs[1].format == LogFormat::kTomcat);
  CHECK(options->kafka.topic == "routerate-events");
  CHECK(options->kafka.properties.at("security.protocol") == "ssl");
  CHECK(options->max_in_flight == 1 << 20);
  CHECK(options->drain_timeout == Millis{25'000});
  CHECK(options->reclaim == ReclaimMode::kNone);
  CHECK(LoadAgentYaml(kGood + "reclaim: punch\n")->reclaim == ReclaimMode::kPunch);
}

TEST_CASE("summaries have the aggregator's routes") {
  MemoryFileSystem files;
  const auto load = [&files] {
    return LoadAgentOptions(files, "etc/agent.yaml",
                            [](const auto&, const auto&) { return Result<void>{}; });
  };
  files.Append("etc/agent.yaml", kGood + "ship: summaries\nroutes: routes.yaml\n");
  CHECK(load().error().message == "open etc/routes.yaml: No such file or directory");
  files.Append("etc/routes.yaml", "routes:\n  - {path: \"/orders/{id}\", method: GET}\n");
  const auto options = load();
  REQUIRE(options.has_value());
  CHECK(options->ship == ShipMode::kSummaries);
  REQUIRE(options->route_rules.size() == 1);
  CHECK(options->route_rules[0].path == "/orders/{id}");
  CHECK_THAT(ShowAgentOptions(*options),
             Catch::Contains("ship: summaries\nroutes: etc/routes.yaml\n"));
  files.Append("etc/routes.yaml", "  - {path: \"/{id\"}\n");
  CHECK_THAT(load().error().message, Catch::StartsWith("etc/routes.yaml:3: "));
  CHECK(LoadAgentYaml(kGood + "ship: summaries\n")->route_rules.empty());
}

TEST_CASE("a text that is no file's is told by its name, and its routes are in its folder") {
  MemoryFileSystem files;
  files.Append("routes.yaml", "routes:\n  - {path: \"/orders/{id}\"}\n");
  const auto read = [&files](const std::string& text) {
    return ReadAgentOptions(files, {text, "ROUTERATE_AGENT_YAML", ""},
                            [](const auto&, const auto&) { return Result<void>{}; });
  };
  const auto options = read(kGood + "ship: summaries\nroutes: routes.yaml\n");
  REQUIRE(options.has_value());
  CHECK(options->routes == "routes.yaml");
  CHECK(options->route_rules.size() == 1);
  CHECK_THAT(read(kGood + "ship: all\n").error().message,
             Catch::StartsWith("ROUTERATE_AGENT_YAML:6: ship: 'all' is not one of"));
  CHECK_THAT(read("a: [").error().message,
             Catch::StartsWith("ROUTERATE_AGENT_YAML:1: not valid YAML: "));
}

TEST_CASE("the pod's workload and labels are shown where they are told") {
  const auto options = LoadAgentYaml(
      "source: {service: s, workload: deployments.apps/s, labels_file: /etc/podinfo/labels}\n"
      "inputs: [{path: /a}]\nkafka: {brokers: k}\n");
  REQUIRE(options.has_value());
  CHECK(options->source.labels_file == "/etc/podinfo/labels");
  CHECK_THAT(ShowAgentOptions(*options),
             Catch::Contains("workload: deployments.apps/s, labels_file: /etc/podinfo/labels}"));
}

TEST_CASE("what is in force is shown without secrets") {
  const std::string shown = ShowAgentOptions(*LoadAgentYaml(kGood + "checkpoint: /c\n"));
  CHECK_THAT(shown, Catch::Contains(
                        "{path: /logs/nginx/*.log, format: nginx}  # source shop/front/web-1"));
  CHECK_THAT(shown, Catch::Contains("security.protocol: (set)") && !Catch::Contains("ssl"));
}

TEST_CASE("each mistake names file, line, key and what was expected") {
  struct Case {
    std::string text;
    std::string message;
  };
  const auto& [text, message] = GENERATE(
      Case{"inputs: [{path: /a}]\nkafka: {brokers: k}\n",
           "agent.yaml:1: inputs[0].service: is required, here or as source.service"},
      Case{kGood + "max_in_flight: 1\n", "agent.yaml:6: max_in_flight: expected 64KiB to 1GiB"},
      Case{kGood + "ship: counts\n",
           "agent.yaml:6: ship: 'counts' is not one of events, summaries"},
      Case{kGood + "routes: routes.yaml\n",
           "agent.yaml:6: routes: is for ship: summaries; events find their routes in the "
           "aggregator"},
      Case{kGood + "reclaim: off\n", "agent.yaml:6: reclaim: 'off' is not one of none, punch"},
      Case{"source: {service: s}\ninputs: [{path: /a, format: ngnix}]\nkafka: {brokers: k}\n",
           "agent.yaml:2: inputs[0].format: 'ngnix' is not one of auto, nginx, tomcat, combined"},
      Case{"source: {service: s}\ninputs: [{format: nginx}]\nkafka: {brokers: k}\n",
           "agent.yaml:2: inputs[0].path: is required"},
      Case{kGood + "listen: 9464\n",
           "agent.yaml:6: listen: '9464' is not ADDRESS:PORT such as 0.0.0.0:9464"},
      Case{kGood + "log_level: loud\n",
           "agent.yaml:6: log_level: 'loud' is not one of debug, info, warning, error"},
      Case{"source: {service: s}\ninputs: [{path: /a}]\nkafka:\n  brokers: k\n  properties:\n"
           "    nonsense: 1\n",
           "agent.yaml:6: kafka.properties.nonsense: is not known"},
      Case{"source: {service: s}\nkafka: {brokers: k}\n",
           "agent.yaml:1: inputs: at least one {path, format} is required"},
      Case{"source: {service: s}\ninputs: [{path: /a}]\n",
           "agent.yaml:1: kafka.brokers: is required"},
      Case{"source: {service: s, workload: Shop}\ninputs: [{path: /a}]\nkafka: {brokers: k}\n",
           "agent.yaml:1: source.workload: 'Shop': expected RESOURCE[.GROUP]/NAME in lower case, "
           "such as deployments.apps/shop"},
      Case{"source: {service: a/b}\ninputs: [{path: /a}]\nkafka: {brokers: k}\n",
           "agent.yaml:1: source.service: 'a/b' may not hold '/' or white space"});
  const auto options = LoadAgentYaml(text);
  REQUIRE_FALSE(options.has_value());
  CHECK(options.error().message == message);
}
