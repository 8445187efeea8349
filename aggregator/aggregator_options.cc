// aggregator.yaml → AggregatorOptions, by way of base/yaml_config, which keeps the line of every
// mistake.
#include "aggregator/aggregator_options.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>
#include <vector>

#include "base/http_server.h"

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
  root.Read("listen", &options.listen);
  if (auto fits = CheckListen(options.listen); !fits) root.Reject("listen", fits.error().message);
  ReadLogLevel(root, &options);
  if (auto finished = config->Finish(); !finished) {
    return std::unexpected(std::move(finished.error()));
  }
  if (!options.routes.empty()) {
    options.routes = (std::filesystem::path(path).parent_path() / options.routes).string();
  }
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
  return out + fmt::format("max_routes: {}\nmax_series: {}\nlisten: {}\nlog_level: {}\n",
                           o.max_routes, o.max_series, o.listen, o.log_level);
}

}  // namespace routerate
