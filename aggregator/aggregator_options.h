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
  std::string brokers;  // where to begin: "host:port,host:port"; not needed with an embedded broker
  std::string topic = "routerate-events";         // what the agents write
  std::string counts_topic = "routerate-counts";  // what replicas tell one another; made if missing
  std::string group = "routerate-aggregator";     // replicas of one aggregator share it
  // A name that this replica keeps when it starts again, so that its partitions wait for it
  // (Kafka's static membership); empty: none.
  std::string instance;
  std::map<std::string, std::string> properties;  // any librdkafka setting, laid over ours
};

// Who may read the pages at `listen`, and how much (docs/security.md). Files are seen from the
// configuration's folder, and read again when they change.
struct HttpPortOptions {
  std::string certificate;  // PEM, the server's own first; goes with `key`; empty: no TLS
  std::string key;          // of the certificate, PEM
  std::string token_file;   // a token a line; empty: everybody may read
  std::uint64_t client_requests_per_second = 100;  // of one address; 1..1000000
};

// The metrics APIs of Kubernetes over TLS, for HPAs (docs/security.md). Files are seen from the
// configuration's folder, and read again when they change.
struct MetricsApiOptions {
  std::string listen = "0.0.0.0:6443";  // ADDRESS:PORT, over TLS
  std::string certificate;              // PEM, the server's own first
  std::string key;                      // of the certificate, PEM
  // Who knows the front proxy, bearer tokens and who may read what: https://HOST[:PORT]. In a
  // cluster its own: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT.
  std::string api_server;
  // PEM: who vouches for api_server.
  std::string ca_file = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";
  // The token that tells api_server who asks.
  std::string token_file = "/var/run/secrets/kubernetes.io/serviceaccount/token";
};

// What /metrics has of each pod: all its requests and those of the routes that rules name, the
// former alone, or nothing.
enum class PodMetrics { kAll, kTotals, kNone };

struct AggregatorOptions {
  ConsumerOptions kafka;  // where records come from
  std::string routes;  // routes.yaml, from the configuration's folder; empty: automatic routes only
  // Windows end so long before the watermark; 0s..1m. auto: as each service's logs show, so that
  // one event of 1000 is later at most.
  std::optional<Millis> lateness;
  Millis stale_after{10'000};    // a source whose watermark is older is not known any more; 1s..1m
  double min_coverage = 0.9;     // of a service's recent traffic, below which it has no value; 0..1
  Millis forget_after{600'000};  // a source not heard of so long leaves, then its service; 1m..24h
  // An automatic route that nothing asked for so long leaves, and makes room for another;
  // 10m..720h.
  Millis forget_routes_after{6 * 3'600'000};
  std::uint64_t max_routes = 1000;  // automatic series of a service; then `other`; 1..100000
  std::uint64_t max_series =
      100'000;  // of all services, in each partition; then `other`; 100..10000000
  // What /metrics has of each pod: all (its requests, and those of each route that routes.yaml
  // names), totals (its requests), none.
  PodMetrics pod_metrics = PodMetrics::kAll;
  std::string listen = "0.0.0.0:9465";  // ADDRESS:PORT of /stats, /metrics, /healthz and /readyz
  HttpPortOptions http;                 // TLS, token and limits of `listen`
  std::optional<MetricsApiOptions> metrics_api;  // Kubernetes' metrics APIs; without it: not served
  std::string log_level = "info";                // what is told at least
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
