// agent.yaml as a struct: each field with its meaning, unit, default and limits. It can be read as
// the manual; configs/agent.yaml is the same with values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/result.h"
#include "base/yaml_config.h"
#include "parsers/event_redaction.h"
#include "parsers/line_format.h"
#include "parsers/route_rule.h"

namespace routerate {

// Who wrote the logs: it becomes the records' source and key.
struct SourceOptions {
  std::string name_space = "default";  // Kubernetes namespace (key `namespace`)
  std::string service;                 // required here or at each input
  std::string pod = "local";           // unique among the pods of a namespace
  std::string workload;                // "deployments.apps/shop"; optional, as the next
  std::string labels_file;             // the pod's labels, a file of Kubernetes' downward API
};

struct InputOptions {
  std::string path;                     // a shell pattern, absolute or from the working directory
  LogFormat format = LogFormat::kAuto;  // auto | nginx | tomcat | combined
  KeyMapping keys;                      // keys of the user's own: {took: duration_ms}; at most 32
  std::string service;                  // empty: the source's
};

struct KafkaOptions {
  std::string brokers;  // "host:port,host:port"; required
  std::string topic = "routerate-events";
  std::map<std::string, std::string> properties;  // any librdkafka setting, laid over ours
};

// Where rejected lines go, each as a record of its bytes (docs/record.md).
struct DeadLetterOptions {
  std::string topic;  // empty: nowhere; they are counted and, now and then, logged
};

// What is made of lines: an event each, or counts of the requests of a second.
enum class ShipMode { kEvents, kSummaries };

enum class WatchMode { kAuto, kInotify, kPoll };
enum class ReclaimMode { kNone, kPunch };

struct AgentOptions {
  SourceOptions source;
  std::vector<InputOptions> inputs;  // at least one
  KafkaOptions kafka;
  DeadLetterOptions dead_letter;
  ShipMode ship = ShipMode::kEvents;
  // routes.yaml for summaries, from the configuration's folder, the same as the aggregator's;
  // empty: automatic routes only. And its rules, which compile.
  std::string routes;
  std::vector<RouteRule> route_rules;
  RedactionRules redaction;            // keys `fields` and `redact`: what of an event is shipped
  WatchMode watch = WatchMode::kAuto;  // poll: no inotify, the scan alone
  std::string checkpoint = "/var/lib/routerate/agent.checkpoint";
  // punch: blocks of log files are given back to ext4, xfs or tmpfs once their lines are
  // acknowledged; they read as NUL bytes then. Files must be writable.
  ReclaimMode reclaim = ReclaimMode::kNone;
  std::uint64_t reclaim_step = 1 << 20;  // bytes given back at once at least; 4KiB..1GiB
  std::uint64_t max_in_flight =
      8 << 20;                        // bytes unacknowledged; reached, reading stops; 64KiB..1GiB
  std::uint64_t max_line = 64 << 10;  // bytes; longer lines are skipped and counted; 1KiB..128KiB
  std::uint64_t batch_bytes = 128 << 10;  // a record's value is closed at this size; 1KiB..512KiB
  Millis linger{5};                       // a batch waits so long for more lines after another left
  Millis scan_interval{1000};             // how often paths are looked for without a hint; 50ms..1m
  std::uint64_t max_open_files = 1000;    // log files open at once; 16..1000000
  // Bytes of deleted log files that are held open until they are sent; beyond, the oldest are given
  // up. 1MiB..1TiB.
  std::uint64_t max_deleted = std::uint64_t{1} << 30;
  Millis rotated_wait{60'000};          // an unlinked or moved file is read on until so long quiet
  Millis heartbeat_interval{1000};      // 100ms..1m
  Millis drain_quiet{1000};             // at SIGTERM: files must be quiet for so long
  Millis drain_timeout{25'000};         // ... and this is the end of patience
  std::string listen = "0.0.0.0:9464";  // /metrics /healthz /readyz
  std::string log_level = "info";       // debug | info | warning | error

  // "namespace/service/pod" of input `index`.
  std::string Source(std::size_t index) const;
};

// A configuration's text, wherever it is from: a file, or an environment variable.
struct AgentYaml {
  std::string text;
  std::string name;    // mistakes begin with it
  std::string folder;  // of `routes`; empty: the working directory
};

// The first mistake as "agent.yaml:7: inputs[0].format: ...", or the options; routes.yaml is read,
// too. `check_property` judges each of kafka.properties.
Result<AgentOptions> ReadAgentOptions(FileSystem& file_system, const AgentYaml& yaml,
                                      const PairCheck& check_property);

// The same of the file at `path`.
Result<AgentOptions> LoadAgentOptions(FileSystem& file_system, const std::string& path,
                                      const PairCheck& check_property);

// What is in force, as YAML.
std::string ShowAgentOptions(const AgentOptions& options);

}  // namespace routerate
