// aggregator.yaml as a struct: each field with its meaning, unit, default and limits. It can be
// read as the manual; configs/aggregator.yaml is the same with values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/result.h"
#include "base/yaml_config.h"

namespace routerate {

struct ConsumerOptions {
  std::string brokers;  // "host:port,host:port"; required without an embedded one
  std::string topic = "routerate-events";         // what the agents write
  std::string counts_topic = "routerate-counts";  // what replicas tell one another; made if missing
  std::string group = "routerate-aggregator";     // replicas of one aggregator share it
  // A name that this replica keeps when it starts again, so that its partitions wait for it
  // (Kafka's static membership); empty: none.
  std::string instance;
  std::map<std::string, std::string> properties;  // any librdkafka setting, laid over ours
};

// The metrics APIs of Kubernetes over TLS, for HPAs (docs/security.md). Files are seen from the
// configuration's folder, and read again when they change.
struct MetricsApiOptions {
  std::string listen = "0.0.0.0:6443";
  std::string certificate;  // PEM, the server's own first; required
  std::string key;          // PEM; required
  // Who knows the front proxy, bearer tokens and who may read what: https://HOST[:PORT]. In a
  // cluster its own: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT.
  std::string api_server;
  std::string ca_file = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";    // of api_server
  std::string token_file = "/var/run/secrets/kubernetes.io/serviceaccount/token";  // who we are
};

// What /metrics has of each pod: all its requests and those of the routes that rules name, the
// former alone, or nothing.
enum class PodMetrics { kAll, kTotals, kNone };

struct AggregatorOptions {
  ConsumerOptions kafka;
  std::string routes;  // routes.yaml, from the configuration's folder; empty: automatic routes only
  // Windows end so long before the watermark; 0..1m. nullopt (auto): as each service's logs show.
  std::optional<Millis> lateness;
  Millis stale_after{10'000};    // a source whose watermark is older is not known any more; 1s..1m
  double min_coverage = 0.9;     // of a service's recent traffic, below which it has no value; 0..1
  Millis forget_after{600'000};  // a source not heard of so long leaves, then its service; 1m..24h
  // An automatic route that nothing asked for so long leaves, and makes room for another; 10m..30d.
  Millis forget_routes_after{6 * 3'600'000};
  std::uint64_t max_routes = 1000;     // automatic series of a service; then `other`; 1..100,000
  std::uint64_t max_series = 100'000;  // of all services; then `other` of each; 100..10,000,000
  PodMetrics pod_metrics = PodMetrics::kAll;     // all | totals | none
  std::string listen = "0.0.0.0:9465";           // /stats /metrics /healthz /readyz
  std::optional<MetricsApiOptions> metrics_api;  // nullopt: not served
  std::string log_level = "info";                // debug | info | warning | error
};

enum class BrokerChoice { kConfigured, kEmbedded };

// The first mistake as "aggregator.yaml:7: lateness: ...", or the options. kafka.brokers may be
// absent only when the broker is embedded. `check_property` judges each of kafka.properties. Does
// not read routes.yaml (routes_file.h).
Result<AggregatorOptions> LoadAggregatorOptions(FileSystem& file_system, const std::string& path,
                                                BrokerChoice broker,
                                                const PairCheck& check_property);

// What is in force, as YAML. Of librdkafka's properties only the names: values may be secrets.
std::string ShowAggregatorOptions(const AggregatorOptions& options);

}  // namespace routerate
