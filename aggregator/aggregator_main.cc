// routerate-aggregator: the command line, then the loop. Everything that can be wrong in the
// configuration is told before anything is touched.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include "aggregator/aged_snapshot.h"
#include "aggregator/aggregator.h"
#include "aggregator/aggregator_options.h"
#include "aggregator/api_server.h"
#include "aggregator/http_port.h"
#include "aggregator/http_views.h"
#include "aggregator/kafka_consumer.h"
#include "aggregator/kafka_counts_log.h"
#include "aggregator/kafka_embedded_broker.h"
#include "aggregator/kafka_settings.h"
#include "aggregator/metrics_api.h"
#include "aggregator/probe.h"
#include "aggregator/recent_history.h"
#include "aggregator/route_explanation.h"
#include "aggregator/route_hpa.h"
#include "aggregator/routes_command.h"
#include "aggregator/routes_file.h"
#include "aggregator/top.h"
#include "base/durable_replace.h"
#include "base/logging.h"
#include "base/process_limits.h"
#include "base/units.h"
#include "base/waiter.h"

namespace routerate {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitError = 1;
constexpr Millis kPollTimeout{100};  // and so long at most until a signal is heeded

struct CommandLine {
  std::string config;
  BrokerChoice broker = BrokerChoice::kConfigured;
  std::string broker_address_file;
  RouteQuestion question;
  HpaRequest hpa;
  ProbeOptions probe;
  std::string probe_timeout = "30s";
  TopOptions top;
  std::string top_interval = "1s";
};

struct Loaded {
  AggregatorOptions options;
  RouteMatcher routes;
};

int Complain(const Error& error) {
  fmt::print(stderr, "routerate-aggregator: {}\n", error.message);
  return kExitError;
}

Result<Loaded> Load(FileSystem& files, const CommandLine& line) {
  Result<AggregatorOptions> options;  // the defaults, where no configuration is needed
  if (!line.config.empty()) {
    options = LoadAggregatorOptions(files, line.config, line.broker, CheckConsumerProperty);
  }
  if (!options) return std::unexpected(std::move(options.error()));
  auto routes = LoadRoutes(files, options->routes);
  if (!routes) return std::unexpected(std::move(routes.error()));
  return Loaded{std::move(*options), std::move(*routes)};
}

int Check(const CommandLine& line) {
  PosixFileSystem files;
  const auto loaded = Load(files, line);
  if (!loaded) return Complain(loaded.error());
  fmt::print("{}# {} routes by rule\n", ShowAggregatorOptions(loaded->options),
             loaded->routes.rules().size());
  return kExitOk;
}

// `routes` asks no broker.
CommandLine WithoutBroker(CommandLine line) {
  line.broker = BrokerChoice::kEmbedded;
  return line;
}

int List(const CommandLine& line) {
  PosixFileSystem files;
  const auto loaded = Load(files, WithoutBroker(line));
  if (!loaded) return Complain(loaded.error());
  fmt::print("{}", ListRoutes(loaded->routes));
  return kExitOk;
}

int Explain(const CommandLine& line) {
  PosixFileSystem files;
  auto loaded = Load(files, WithoutBroker(line));
  if (!loaded) return Complain(loaded.error());
  fmt::print("{}", ExplainRoute(loaded->routes, line.question));
  return kExitOk;
}

int Hpa(const CommandLine& line) {
  PosixFileSystem files;
  auto loaded = Load(files, WithoutBroker(line));
  if (!loaded) return Complain(loaded.error());
  HpaRequest request = line.hpa;
  request.example = line.question;
  const auto manifest = HpaManifest(loaded->routes, request);
  if (!manifest) return Complain(manifest.error());
  fmt::print("{}", *manifest);
  return kExitOk;
}

int ProbeAll(const CommandLine& line) {
  PosixFileSystem files;
  const SystemClock clock;
  const auto timeout = ParseDuration(line.probe_timeout);
  if (!timeout) return Complain({"--timeout: " + timeout.error().message});
  ProbeOptions options = line.probe;
  options.timeout = *timeout;
  auto waiter = Waiter::Create(WatchFiles::kNo);
  if (!waiter) return Complain(waiter.error());
  const auto outcome = Probe(files, clock, **waiter, options, [](const std::string& told) {
    fmt::print("{}\n", told);
    (void)std::fflush(stdout);
  });
  if (!outcome) return Complain(outcome.error());
  return *outcome == ProbeOutcome::kAllAnswered ? kExitOk : kExitError;
}

int ShowTop(const CommandLine& line) {
  PosixFileSystem files;
  const auto interval = ParseDuration(line.top_interval);
  if (!interval) return Complain({"--interval: " + interval.error().message});
  TopOptions options = line.top;
  options.interval = *interval;
  auto waiter = Waiter::Create(WatchFiles::kNo);
  if (!waiter) return Complain(waiter.error());
  const auto shown = Top(files, **waiter, options);
  return shown ? kExitOk : Complain(shown.error());
}

// The embedded broker's address, told to whoever waits for it. It keeps little of what nobody
// reads, so it is told when our consumer has its partitions and not before.
Result<void> TellBroker(FileSystem& files, const CommandLine& line, const std::string& address) {
  fmt::print("embedded broker: {}\n", address);
  (void)std::fflush(stdout);
  if (line.broker_address_file.empty()) return {};
  return ReplaceDurably(files, line.broker_address_file, address + "\n");
}

// nullptr where there is none.
Result<std::unique_ptr<ApiServer>> StartMetricsApi(const AggregatorOptions& options,
                                                   const StatsBoard& board,
                                                   ApiServer::Doors doors) {
  if (!options.metrics_api) return nullptr;
  const auto aging = std::make_shared<AgingBoard>(board, doors.clock, options.stale_after);
  return ApiServer::Start(*options.metrics_api, doors,
                          [api = MetricsApi(options, [aging] { return aging->Latest(); })](
                              const HttpRequest& request) { return api.Answer(request); });
}

int Run(const CommandLine& line) {
  PosixFileSystem files;
  const SystemClock clock;
  auto loaded = Load(files, line);
  if (!loaded) return Complain(loaded.error());
  AggregatorOptions& options = loaded->options;
  if (auto logging = SetUpLogging("routerate-aggregator", options.log_level); !logging) {
    return Complain(logging.error());
  }
  // Signals are blocked here, before any thread begins.
  auto waiter = Waiter::Create(WatchFiles::kNo);
  if (!waiter) return Complain(waiter.error());
  (void)RaiseOpenFileLimit();  // each connection is a descriptor
  StatsBoard board;
  RecentHistory history;
  ApiServerMetrics api_metrics;
  auto pages = HttpPort::Start(
      options, {files, clock},
      HttpViews(options, board, history, clock, [&] { return api_metrics.Scrape(clock.Wall()); }));
  if (!pages) return Complain(pages.error());
  auto api = StartMetricsApi(options, board, {files, clock, api_metrics});
  if (!api) return Complain(api.error());
  std::unique_ptr<EmbeddedBroker> broker;  // outlives the consumer
  if (line.broker == BrokerChoice::kEmbedded) {
    auto started = EmbeddedBroker::Start({options.kafka.topic, options.kafka.counts_topic});
    if (!started) return Complain(started.error());
    broker = std::move(*started);
    options.kafka.brokers = broker->address();
  }
  auto consumer = KafkaConsumer::Create(options.kafka, clock);
  if (!consumer) return Complain(consumer.error());
  auto log = KafkaCountsLog::Create(options.kafka, clock);
  if (!log) return Complain(log.error());
  spdlog::info("reading {} at {} as group {}, listening on {}:{}", options.kafka.topic,
               options.kafka.brokers, options.kafka.group,
               options.listen.substr(0, options.listen.rfind(':')), (*pages)->port());
  Aggregator aggregator(options, std::move(loaded->routes), clock, **consumer, **log, board);
  bool told = broker == nullptr;
  while (!(*waiter)->Wait(Millis{0}, WatchFiles::kNo).stop) {
    aggregator.Step(kPollTimeout);
    history.Sample(*board.Latest());
    if (told || !(*consumer)->Status().joined) continue;
    told = true;
    if (auto done = TellBroker(files, line, options.kafka.brokers); !done) {
      return Complain(done.error());
    }
  }
  spdlog::info("stopping");
  return kExitOk;
}

void AddConfig(CLI::App* app, CommandLine* line) {
  app->add_option("--config", line->config, "aggregator.yaml");
}

CLI::Option* AddBroker(CLI::App* app, CommandLine* line) {
  return app->add_flag_callback(
      "--embedded-broker", [line] { line->broker = BrokerChoice::kEmbedded; },
      "a Kafka broker inside this process instead of kafka.brokers; for trying out: it keeps the "
      "newest 5 MiB of a partition, in memory only");
}

struct Commands {
  CLI::App* check;
  CLI::App* list;
  CLI::App* explain;
  CLI::App* hpa;
  CLI::App* probe;
  CLI::App* top;
};

void AddQuestion(CLI::App* app, CommandLine* line, Need need) {
  CLI::Option* method = app->add_option("METHOD", line->question.method, "\"-\": the log has none");
  CLI::Option* path = app->add_option("PATH", line->question.path, "as the client sends it");
  if (need == Need::kRequired) {
    method->required();
    path->required();
  } else {
    method->needs(path);
  }
  app->add_option("--host", line->question.host, "Host of the request");
}

void AddHpa(CLI::App* app, HpaRequest* hpa) {
  app->add_option("ROUTE_ID", hpa->route_id,
                  "as routes list shows it; an automatic route needs METHOD PATH of a request too")
      ->required();
  app->add_option("--namespace", hpa->name_space, "of service and workload")->capture_default_str();
  app->add_option("--service", hpa->service, "whose requests, as agent.yaml names it")
      ->capture_default_str();
  app->add_option(
      "--workload", hpa->workload,
      "what is scaled: [deployment/|statefulset/]NAME; else a deployment, as --service");
  app->add_option("--target", hpa->target, "requests per second that one pod serves well")
      ->capture_default_str();
  app->add_option("--min", hpa->min, "replicas")->capture_default_str();
  app->add_option("--max", hpa->max, "replicas")->capture_default_str();
}

void AddAccess(CLI::App* app, UrlAccess* access) {
  app->add_option("--ca-file", access->ca_file, "PEM: who may vouch for servers over https");
  app->add_option("--token-file", access->token_file, "a bearer token, sent over https only");
}

void AddTop(CLI::App* app, CommandLine* line) {
  TopOptions& top = line->top;
  app->add_option("--url", top.url, "of a running aggregator")->capture_default_str();
  AddAccess(app, &top.access);
  app->add_option("--interval", line->top_interval, "from one screen to the next")
      ->capture_default_str();
  app->add_flag("--once", top.once,
                "one screen, as wide as it needs, as where there is no terminal");
  app->add_option("--namespace", top.name_space, "of services");
  app->add_option("--service", top.service, "whose routes");
  app->add_option("--grep", top.grep, "RE2: routes whose line of /stats matches");
  app->add_option("--sort", top.sort, "a column of /stats; else req/s_1m");
}

void AddProbe(CLI::App* app, CommandLine* line) {
  app->add_option("URL", line->probe.urls, "http://HOST[:PORT][/PATH] or https://...")->required();
  AddAccess(app, &line->probe.access);
  app->add_option("--timeout", line->probe_timeout, "until all have answered 2xx")
      ->capture_default_str();
}

Commands AddCommands(CLI::App* app, CommandLine* line) {
  Commands commands{};
  commands.check = app->add_subcommand("check", "validate a configuration; print what is in force");
  AddConfig(commands.check, line);
  AddBroker(commands.check, line);
  CLI::App* routes = app->add_subcommand("routes", "which route a request has");
  routes->require_subcommand(1);
  commands.list = routes->add_subcommand("list", "the routes that routes.yaml names");
  AddConfig(commands.list, line);
  commands.explain = routes->add_subcommand("explain", "a request's route, and why");
  AddConfig(commands.explain, line);
  AddQuestion(commands.explain, line, Need::kRequired);
  commands.hpa = routes->add_subcommand("hpa", "a ready HPA manifest for a route");
  AddConfig(commands.hpa, line);
  AddHpa(commands.hpa, &line->hpa);
  AddQuestion(commands.hpa, line, Need::kOptional);
  commands.probe = app->add_subcommand("probe", "ask URLs until each answers 2xx, or time is up");
  AddProbe(commands.probe, line);
  commands.top = app->add_subcommand("top", "the busiest routes, live in a terminal; q ends it");
  AddTop(commands.top, line);
  return commands;
}

int Main(int argc, char** argv) {
  CLI::App app("Counts access-log events from Kafka and serves request rates by route.",
               "routerate-aggregator");
  app.set_version_flag("--version", "routerate-aggregator " ROUTERATE_VERSION);
  app.require_subcommand(0, 1);
  CommandLine line;
  AddConfig(&app, &line);
  CLI::Option* embedded = AddBroker(&app, &line);
  app.add_option("--broker-address-file", line.broker_address_file,
                 "write the embedded broker's HOST:PORT to this file, once records are read")
      ->needs(embedded);
  const Commands commands = AddCommands(&app, &line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 has an exit code for each mistake; here a wrong command line is as a wrong file.
    return app.exit(error) == 0 ? kExitOk : kExitError;
  }
  if (line.question.method == "-") line.question.method.clear();
  if (commands.list->parsed()) return List(line);
  if (commands.explain->parsed()) return Explain(line);
  if (commands.hpa->parsed()) return Hpa(line);
  if (commands.probe->parsed()) return ProbeAll(line);
  if (commands.top->parsed()) return ShowTop(line);
  if (line.config.empty() && line.broker == BrokerChoice::kConfigured) {
    return Complain(
        {"--config is required, or --embedded-broker; see routerate-aggregator --help"});
  }
  if (commands.check->parsed()) return Check(line);
  return Run(line);
}

}  // namespace
}  // namespace routerate

// CLI11 throws when options are declared twice: ours to see at the first start.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  try {
    return routerate::Main(argc, argv);
  } catch (const std::exception& failure) {  // out of memory, say, or the command line's library
    std::fprintf(stderr, "routerate-aggregator: %s\n", failure.what());
    return routerate::kExitError;
  }
}
