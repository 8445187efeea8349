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
  std::string name_space = "default";  // Kubernetes namespace
  std::string service;                 // what rates are grouped by; required here or at each input
  std::string pod = "local";           // unique among the pods of a namespace
  // What the pod belongs to, such as deployments.apps/shop: heartbeats tell it, so that an HPA can
  // ask for it.
  std::string workload;
  // The pod's labels, a file of Kubernetes' downward API, for HPAs that ask for pods. Read again
  // when it changes; 16 KiB of labels are told.
  std::string labels_file;
};

struct InputOptions {
  std::string path;                     // a shell pattern, absolute or from the working directory
  LogFormat format = LogFormat::kAuto;  // of the log; auto looks at a file's first lines
  KeyMapping keys;      // keys of your own and what they mean: {took: duration_ms}; at most 32
  std::string service;  // of this input's logs; empty: source.service
};

struct KafkaOptions {
  std::string brokers;                            // where to begin: "host:port,host:port"
  std::string topic = "routerate-events";         // where events or summaries go
  std::map<std::string, std::string> properties;  // any librdkafka setting, laid over ours
};

// Where rejected lines go, each as a record of its bytes (docs/record.md).
struct DeadLetterOptions {
  // Of rejected lines. Without this section they are counted and, now and then, logged.
  std::string topic;
};

// What is made of lines: an event each, or counts of the requests of a second.
enum class ShipMode { kEvents, kSummaries };

enum class WatchMode { kAuto, kInotify, kPoll };
enum class ReclaimMode { kNone, kPunch };

struct AgentOptions {
  SourceOptions source;              // who wrote the logs
  std::vector<InputOptions> inputs;  // which logs are followed; at least one
  KafkaOptions kafka;                // where records go
  DeadLetterOptions dead_letter;     // where rejected lines go
  // What is made of lines: an event each, or what was counted of a second's, for very high rates.
  ShipMode ship = ShipMode::kEvents;
  // routes.yaml for ship: summaries, from the configuration's folder, the same as the aggregator's;
  // empty: automatic routes only.
  std::string routes;
  std::vector<RouteRule> route_rules;  // no key: what `routes` holds, and it compiles
  RedactionRules redaction;            // no key: `fields` and `redact` (agent/redaction_options.h)
  // How changes of files are noticed: auto trusts inotify where the file system does; poll: by the
  // scan alone.
  WatchMode watch = WatchMode::kAuto;
  // Where it is kept how far each log was acknowledged; on a volume that outlives the container.
  std::string checkpoint = "/var/lib/routerate/agent.checkpoint";
  // punch: blocks of log files are given back to ext4, xfs or tmpfs once their lines are
  // acknowledged; they read as NUL bytes then. Files must be writable.
  ReclaimMode reclaim = ReclaimMode::kNone;
  std::uint64_t reclaim_step = 1 << 20;   // given back at once at least; 4KiB..1GiB
  std::uint64_t max_in_flight = 8 << 20;  // unacknowledged; at it reading stops; 64KiB..1GiB
  std::uint64_t max_line = 64 << 10;      // longer lines are skipped and counted; 1KiB..128KiB
  std::uint64_t batch_bytes = 128 << 10;  // a record's value is closed at this size; 1KiB..512KiB
  Millis linger{5};            // a batch waits so long for more lines after another left; 0s..10s
  Millis scan_interval{1000};  // how often paths are looked for without a hint; 50ms..1m
  std::uint64_t max_open_files = 1000;  // log files open at once; 16..1000000
  // Of deleted log files that are held open until they are sent; beyond, the oldest are given up,
  // and what was unread is counted as lost; 1MiB..1024GiB.
  std::uint64_t max_deleted = std::uint64_t{1} << 30;
  Millis rotated_wait{60'000};  // an unlinked or moved file is read until so long quiet; 0s..24h
  Millis heartbeat_interval{1000};  // tells "no requests" from "no agent"; 100ms..1m
  Millis drain_quiet{1000};         // at SIGTERM files must be quiet for so long; 0s..10m
  Millis drain_timeout{25'000};  // at SIGTERM: then exit with status 2, saying what is left; 0s..1h
  std::string listen = "0.0.0.0:9464";  // ADDRESS:PORT of /metrics, /healthz and /readyz
  std::string log_level = "info";       // what is told at least

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
