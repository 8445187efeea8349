// aggregator.yaml → AggregatorOptions, by way of base/yaml_config, which keeps the line of every
// mistake.
#include "aggregator/aggregator_options.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/http_client.h"
#include "base/http_server.h"
#include "base/yaml_variables.h"

namespace routerate {
namespace {

constexpr Millis kMinute{60'000};
constexpr Millis kDay{86'400'000};

void ReadKafka(ConfigNode node, BrokerChoice broker, const PairCheck& check_property,
               ConsumerOptions* kafka) {
  node.Read("brokers", &kafka->brokers,
            broker == BrokerChoice::kConfigured ? Need::kRequired : Need::kOptional);
  node.Read("topic", &kafka->topic);
  node.Read("counts_topic", &kafka->counts_topic);
  node.Read("group", &kafka->group);
  node.Read("instance", &kafka->instance);
  node.ReadMap("properties", &kafka->properties, check_property);
  if (kafka->topic.empty()) node.Reject("topic", "must not be empty");
  if (kafka->counts_topic.empty() || kafka->counts_topic == kafka->topic) {
    node.Reject("counts_topic", "must be a topic of its own, not kafka.topic");
  }
  if (kafka->group.empty()) node.Reject("group", "must not be empty");
}

constexpr const char* kAuto = "auto";

// Together with the longest window these must fit into event_time_buckets.h's span.
void ReadTimes(ConfigNode& root, AggregatorOptions* options) {
  std::string lateness = kAuto;
  root.Read("lateness", &lateness);
  if (lateness != kAuto) {
    root.ReadDuration("lateness", &options->lateness.emplace(), Millis{0}, kMinute);
  }
  root.ReadDuration("stale_after", &options->stale_after, Millis{1000}, kMinute);
  root.ReadNumber("min_coverage", &options->min_coverage, 0, 1);
  root.ReadDuration("forget_after", &options->forget_after, kMinute, kDay);
  root.ReadDuration("forget_routes_after", &options->forget_routes_after, 10 * kMinute, 30 * kDay);
}

// Where a pod finds its cluster's API server.
Result<std::string> ClusterApiServer() {
  YamlVariables variables;
  auto host = variables.Expand(variables.Hide("${KUBERNETES_SERVICE_HOST}"));
  if (!host) return std::unexpected(std::move(host.error()));
  auto port = variables.Expand(variables.Hide("${KUBERNETES_SERVICE_PORT:-443}"));
  if (!port) return std::unexpected(std::move(port.error()));
  if (host->find(':') != std::string::npos) *host = "[" + *host + "]";
  return fmt::format("https://{}:{}", *host, *port);
}

void ReadApiServer(ConfigNode& node, MetricsApiOptions* api) {
  node.Read("api_server", &api->api_server);
  if (!node.Has("api_server")) {
    auto cluster = ClusterApiServer();
    if (!cluster)
      return node.Reject("api_server is needed outside of a cluster: " + cluster.error().message);
    api->api_server = std::move(*cluster);
  }
  if (auto fits = ParseHttpsOrigin(api->api_server); !fits) {
    node.Reject("api_server", fits.error().message);
  }
}

void ReadHttpPort(ConfigNode node, const std::filesystem::path& folder, HttpPortOptions* http) {
  node.Read("certificate", &http->certificate);
  node.Read("key", &http->key);
  if (http->certificate.empty() != http->key.empty()) {
    node.Reject(http->key.empty() ? "certificate" : "key", "certificate and key go together");
  }
  node.Read("token_file", &http->token_file);
  node.ReadCount("client_requests_per_second", &http->client_requests_per_second, 1, 1'000'000);
  for (std::string* file : {&http->certificate, &http->key, &http->token_file}) {
    if (!file->empty()) *file = (folder / *file).string();
  }
}

std::string ShowHttpPort(const HttpPortOptions& http) {
  const auto shown = [](const std::string& file) { return file.empty() ? "(none)" : file; };
  return fmt::format(
      "http:\n  certificate: {}\n  key: {}\n  token_file: {}\n"
      "  client_requests_per_second: {}\n",
      shown(http.certificate), shown(http.key), shown(http.token_file),
      http.client_requests_per_second);
}

void ReadMetricsApi(ConfigNode node, const std::filesystem::path& folder, MetricsApiOptions* api) {
  node.Read("listen", &api->listen);
  if (auto fits = CheckListen(api->listen); !fits) node.Reject("listen", fits.error().message);
  node.Read("certificate", &api->certificate, Need::kRequired);
  node.Read("key", &api->key, Need::kRequired);
  ReadApiServer(node, api);
  node.Read("ca_file", &api->ca_file);
  node.Read("token_file", &api->token_file);
  for (std::string* file : {&api->certificate, &api->key, &api->ca_file, &api->token_file}) {
    *file = (folder / *file).string();
  }
}

std::string ShowMetricsApi(const MetricsApiOptions& api) {
  return fmt::format(
      "metrics_api:\n  listen: {}\n  certificate: {}\n  key: {}\n  api_server: {}\n  ca_file: {}\n"
      "  token_file: {}\n",
      api.listen, api.certificate, api.key, api.api_server, api.ca_file, api.token_file);
}

constexpr std::array kPodMetrics = {"all", "totals", "none"};

void ReadPodMetrics(ConfigNode& root, AggregatorOptions* options) {
  std::size_t choice = 0;
  root.ReadChoice("pod_metrics", {kPodMetrics.begin(), kPodMetrics.end()}, &choice);
  options->pod_metrics = static_cast<PodMetrics>(choice);
}

void ReadLogLevel(ConfigNode& root, AggregatorOptions* options) {
  const std::vector<std::string> levels = {"debug", "info", "warning", "error"};
  std::size_t level = 1;
  root.ReadChoice("log_level", levels, &level);
  options->log_level = levels[level];
}

}  // namespace

Result<AggregatorOptions> LoadAggregatorOptions(FileSystem& file_system, const std::string& path,
                                                BrokerChoice broker,
                                                const PairCheck& check_property) {
  auto config = YamlConfig::Load(file_system, path);
  if (!config) return std::unexpected(std::move(config.error()));
  AggregatorOptions options;
  ConfigNode root = config->root();
  ReadKafka(root.Map("kafka"), broker, check_property, &options.kafka);
  root.Read("routes", &options.routes);
  ReadTimes(root, &options);
  root.ReadCount("max_routes", &options.max_routes, 1, 100'000);
  root.ReadCount("max_series", &options.max_series, 100, 10'000'000);
  ReadPodMetrics(root, &options);
  root.Read("listen", &options.listen);
  if (auto fits = CheckListen(options.listen); !fits) root.Reject("listen", fits.error().message);
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  ReadHttpPort(root.Map("http"), folder, &options.http);
  if (root.Has("metrics_api")) {
    ReadMetricsApi(root.Map("metrics_api"), folder, &options.metrics_api.emplace());
  }
  ReadLogLevel(root, &options);
  if (auto finished = config->Finish(); !finished) {
    return std::unexpected(std::move(finished.error()));
  }
  if (!options.routes.empty()) options.routes = (folder / options.routes).string();
  return options;
}

std::string ShowAggregatorOptions(const AggregatorOptions& o) {
  std::string out = fmt::format(
      "kafka:\n  brokers: {}\n  topic: {}\n  counts_topic: {}\n  group: {}\n  instance: {}\n",
      o.kafka.brokers.empty() ? "(embedded)" : o.kafka.brokers, o.kafka.topic, o.kafka.counts_topic,
      o.kafka.group, o.kafka.instance.empty() ? "(none)" : o.kafka.instance);
  if (!o.kafka.properties.empty()) out += "  properties:\n";
  for (const auto& [name, value] : o.kafka.properties) out += fmt::format("    {}: (set)\n", name);
  out += fmt::format("routes: {}\n", o.routes.empty() ? "(automatic only)" : o.routes);
  out += fmt::format(
      "lateness: {}\nstale_after: {}ms\nmin_coverage: {}\nforget_after: {}ms\n"
      "forget_routes_after: {}ms\n",
      o.lateness ? fmt::format("{}ms", o.lateness->count()) : kAuto, o.stale_after.count(),
      o.min_coverage, o.forget_after.count(), o.forget_routes_after.count());
  out += fmt::format("max_routes: {}\nmax_series: {}\npod_metrics: {}\nlisten: {}\n", o.max_routes,
                     o.max_series, kPodMetrics[static_cast<std::size_t>(o.pod_metrics)], o.listen);
  out += ShowHttpPort(o.http);
  out += o.metrics_api ? ShowMetricsApi(*o.metrics_api) : "metrics_api: (off)\n";
  return out + fmt::format("log_level: {}\n", o.log_level);
}

}  // namespace routerate
