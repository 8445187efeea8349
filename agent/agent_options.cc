// agent.yaml → AgentOptions, by way of base/yaml_config, which keeps the line of every mistake.
#include "agent/agent_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <utility>

#include "agent/key_mapping.h"
#include "agent/redaction_options.h"
#include "base/http_server.h"
#include "base/one_line.h"
#include "parsers/pod_description.h"
#include "parsers/route_matcher.h"
#include "parsers/routes_yaml.h"

namespace routerate {
namespace {

constexpr std::uint64_t kKiB = 1 << 10;
constexpr std::uint64_t kMiB = 1 << 20;

// A name that stands between the slashes of "namespace/service/pod".
void ReadName(ConfigNode& node, const std::string& key, std::string* out) {
  node.Read(key, out);
  if (out->find_first_of("/ \t\n") != std::string::npos) {
    node.Reject(key, fmt::format("'{}' may not hold '/' or white space", *out));
  }
}

void ReadSource(ConfigNode node, SourceOptions* source) {
  ReadName(node, "namespace", &source->name_space);
  ReadName(node, "service", &source->service);
  ReadName(node, "pod", &source->pod);
  node.Read("workload", &source->workload);
  node.Read("labels_file", &source->labels_file);
  if (!source->workload.empty() && !IsWorkload(source->workload)) {
    node.Reject("workload", fmt::format("'{}': expected RESOURCE[.GROUP]/NAME in lower case, such "
                                        "as deployments.apps/shop",
                                        source->workload));
  }
  if (source->name_space.empty()) node.Reject("namespace", "must not be empty");
  if (source->pod.empty()) node.Reject("pod", "must not be empty");
}

void ReadInput(ConfigNode node, const SourceOptions& source, InputOptions* input) {
  node.Read("path", &input->path, Need::kRequired);
  std::size_t format = 0;
  node.ReadChoice("format", {"auto", "nginx", "tomcat", "combined"}, &format);
  input->format = static_cast<LogFormat>(format);
  std::map<std::string, std::string> keys;
  node.ReadMap("keys", &keys, [input](const std::string& key, const std::string& field) {
    return AddKey(key, field, &input->keys);
  });
  if (input->format == LogFormat::kCombined && !keys.empty()) {
    node.Reject("keys", "the combined format has no keys");
  }
  ReadName(node, "service", &input->service);
  if (input->service.empty() && source.service.empty()) {
    node.Reject("service", "is required, here or as source.service");
  }
}

// What Kafka takes for a topic's name.
void ReadTopic(ConfigNode& node, std::string* topic, Need need) {
  constexpr std::size_t kMostBytes = 249;
  node.Read("topic", topic, need);
  const bool legal = std::ranges::all_of(*topic, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  });
  if (!legal || topic->size() > kMostBytes || *topic == "." || *topic == "..") {
    node.Reject("topic", fmt::format("'{}' is no name of a topic: letters, digits, . _ -, "
                                     "at most {} bytes",
                                     *topic, kMostBytes));
  }
}

void ReadKafka(ConfigNode node, const PairCheck& check_property, KafkaOptions* kafka) {
  node.Read("brokers", &kafka->brokers, Need::kRequired);
  ReadTopic(node, &kafka->topic, Need::kOptional);
  node.ReadMap("properties", &kafka->properties, check_property);
  if (kafka->topic.empty()) node.Reject("topic", "must not be empty");
}

void ReadDeadLetter(ConfigNode& root, const KafkaOptions& kafka, DeadLetterOptions* dead_letter) {
  if (!root.Has("dead_letter")) return;
  ConfigNode node = root.Map("dead_letter");
  ReadTopic(node, &dead_letter->topic, Need::kRequired);
  if (dead_letter->topic == kafka.topic) {
    node.Reject("topic", "must not be kafka.topic: rejected lines are no events");
  }
}

void ReadLimits(ConfigNode& root, AgentOptions* options) {
  root.ReadBytes("max_in_flight", &options->max_in_flight, 64 * kKiB, 1024 * kMiB);
  root.ReadBytes("max_line", &options->max_line, kKiB, 128 * kKiB);
  root.ReadBytes("batch_bytes", &options->batch_bytes, kKiB, 512 * kKiB);
  root.ReadDuration("linger", &options->linger, Millis{0}, Millis{10'000});
  root.ReadDuration("scan_interval", &options->scan_interval, Millis{50}, Millis{60'000});
  root.ReadCount("max_open_files", &options->max_open_files, 16, 1'000'000);
  root.ReadBytes("max_deleted", &options->max_deleted, kMiB, 1024 * 1024 * kMiB);
  root.ReadDuration("rotated_wait", &options->rotated_wait, Millis{0}, Millis{86'400'000});
  root.ReadDuration("heartbeat_interval", &options->heartbeat_interval, Millis{100},
                    Millis{60'000});
  root.ReadDuration("drain_quiet", &options->drain_quiet, Millis{0}, Millis{600'000});
  root.ReadDuration("drain_timeout", &options->drain_timeout, Millis{0}, Millis{3'600'000});
}

void ReadReclaim(ConfigNode& root, AgentOptions* options) {
  std::size_t mode = 0;
  root.ReadChoice("reclaim", {"none", "punch"}, &mode);
  options->reclaim = static_cast<ReclaimMode>(mode);
  root.ReadBytes("reclaim_step", &options->reclaim_step, 4 * kKiB, 1024 * kMiB);
}

std::string_view ShipModeName(ShipMode mode) {
  return mode == ShipMode::kSummaries ? "summaries" : "events";
}

void ReadShip(ConfigNode& root, AgentOptions* options) {
  std::size_t mode = 0;
  root.ReadChoice("ship", {"events", "summaries"}, &mode);
  options->ship = static_cast<ShipMode>(mode);
  // Of what cannot be in a summary, nobody expects more.
  if (options->ship == ShipMode::kSummaries) options->redaction.fields = EventFields::Metrics();
  root.Read("routes", &options->routes);
  if (!options->routes.empty() && options->ship == ShipMode::kEvents) {
    root.Reject("routes", "is for ship: summaries; events find their routes in the aggregator");
  }
}

Result<std::vector<RouteRule>> LoadRouteRules(FileSystem& file_system, const std::string& path) {
  auto config = YamlConfig::Load(file_system, path);
  if (!config) return std::unexpected(std::move(config.error()));
  auto rules = ReadRoutes(*config);
  if (!rules) return rules;
  if (auto matcher = RouteMatcher::Create(*rules, path); !matcher) {
    return Fail(OneLine(matcher.error().message));
  }
  return rules;
}

std::string_view ReclaimModeName(ReclaimMode mode) {
  return mode == ReclaimMode::kPunch ? "punch" : "none";
}

std::string_view WatchModeName(WatchMode mode) {
  constexpr std::string_view kNames[] = {"auto", "inotify", "poll"};
  return kNames[static_cast<std::size_t>(mode)];
}

}  // namespace

std::string AgentOptions::Source(std::size_t index) const {
  const std::string& own = inputs[index].service;
  return fmt::format("{}/{}/{}", source.name_space, own.empty() ? source.service : own, source.pod);
}

Result<AgentOptions> LoadAgentOptions(FileSystem& file_system, const std::string& path,
                                      const PairCheck& check_property) {
  const auto text = file_system.ReadWhole(path);
  if (!text) return std::unexpected(text.error());
  const std::string folder = std::filesystem::path(path).parent_path();
  return ReadAgentOptions(file_system, {*text, path, folder}, check_property);
}

Result<AgentOptions> ReadAgentOptions(FileSystem& file_system, const AgentYaml& yaml,
                                      const PairCheck& check_property) {
  auto config = YamlConfig::Parse(yaml.text, yaml.name);
  if (!config) return std::unexpected(std::move(config.error()));
  AgentOptions options;
  ConfigNode root = config->root();
  ReadSource(root.Map("source"), &options.source);
  for (const ConfigNode& node : root.List("inputs")) {
    ReadInput(node, options.source, &options.inputs.emplace_back());
  }
  if (options.inputs.empty()) root.Reject("inputs", "at least one {path, format} is required");
  ReadKafka(root.Map("kafka"), check_property, &options.kafka);
  ReadDeadLetter(root, options.kafka, &options.dead_letter);
  ReadShip(root, &options);
  ReadRedaction(root, &options.redaction);
  std::size_t watch = 0;
  root.ReadChoice("watch", {"auto", "inotify", "poll"}, &watch);
  options.watch = static_cast<WatchMode>(watch);
  ReadReclaim(root, &options);
  root.Read("checkpoint", &options.checkpoint);
  ReadLimits(root, &options);
  root.Read("listen", &options.listen);
  if (auto fits = CheckListen(options.listen); !fits) root.Reject("listen", fits.error().message);
  const std::vector<std::string> levels = {"debug", "info", "warning", "error"};
  std::size_t level = 1;
  root.ReadChoice("log_level", levels, &level);
  options.log_level = levels[level];
  if (auto finished = config->Finish(); !finished) {
    return std::unexpected(std::move(finished.error()));
  }
  if (options.routes.empty()) return options;
  options.routes = (std::filesystem::path(yaml.folder) / options.routes).string();
  auto rules = LoadRouteRules(file_system, options.routes);
  if (!rules) return std::unexpected(std::move(rules.error()));
  options.route_rules = *std::move(rules);
  return options;
}

std::string ShowAgentOptions(const AgentOptions& o) {
  const std::string labels =
      o.source.labels_file.empty() ? "" : ", labels_file: " + o.source.labels_file;
  std::string out =
      fmt::format("source: {{namespace: {}, service: {}, pod: {}, workload: {}{}}}\n",
                  o.source.name_space, o.source.service, o.source.pod, o.source.workload, labels);
  out += "inputs:\n";
  for (std::size_t i = 0; i < o.inputs.size(); ++i) {
    const InputOptions& input = o.inputs[i];
    const std::string keys = input.keys.empty() ? "" : ", keys: " + ShowKeys(input.keys);
    out += fmt::format("  - {{path: {}, format: {}{}}}  # source {}\n", input.path,
                       LogFormatName(input.format), keys, o.Source(i));
  }
  out += fmt::format("kafka:\n  brokers: {}\n  topic: {}\n  properties:\n", o.kafka.brokers,
                     o.kafka.topic);
  // Values may be secrets: names only.
  for (const auto& [name, value] : o.kafka.properties) out += fmt::format("    {}: (set)\n", name);
  out += o.dead_letter.topic.empty()
             ? "# no dead_letter: rejected lines are only counted and sampled to the log\n"
             : fmt::format("dead_letter: {{topic: {}}}\n", o.dead_letter.topic);
  out += fmt::format("ship: {}\n", ShipModeName(o.ship));
  if (o.ship == ShipMode::kSummaries) {
    out += fmt::format("routes: {}\n", o.routes.empty() ? "(automatic only)" : o.routes);
  }
  out += ShowRedaction(o.redaction);
  out += fmt::format(
      "watch: {}\ncheckpoint: {}\nreclaim: {}\nreclaim_step: {}\nmax_in_flight: {}\nmax_line: "
      "{}\nbatch_bytes: {}\n"
      "max_open_files: {}\nmax_deleted: {}\n",
      WatchModeName(o.watch), o.checkpoint, ReclaimModeName(o.reclaim), o.reclaim_step,
      o.max_in_flight, o.max_line, o.batch_bytes, o.max_open_files, o.max_deleted);
  out += fmt::format("linger: {}ms\nscan_interval: {}ms\nrotated_wait: {}ms\n", o.linger.count(),
                     o.scan_interval.count(), o.rotated_wait.count());
  out += fmt::format("heartbeat_interval: {}ms\ndrain_quiet: {}ms\ndrain_timeout: {}ms\n",
                     o.heartbeat_interval.count(), o.drain_quiet.count(), o.drain_timeout.count());
  return out + fmt::format("listen: {}\nlog_level: {}\n", o.listen, o.log_level);
}

}  // namespace routerate
