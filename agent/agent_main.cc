// routerate-agent: the command line, then the loop. Everything that can be wrong in the
// configuration is told before anything is touched.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "agent/agent.h"
#include "agent/agent_metrics.h"
#include "agent/agent_options.h"
#include "agent/kafka_producer.h"
#include "agent/parse_command.h"
#include "base/http_server.h"
#include "base/logging.h"
#include "base/waiter.h"

namespace routerate {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitError = 1;
constexpr int kExitNotDrained = 2;

int Complain(const Error& error) {
  fmt::print(stderr, "routerate-agent: {}\n", error.message);
  return kExitError;
}

int Check(const std::string& path) {
  PosixFileSystem files;
  const auto options = LoadAgentOptions(files, path, CheckProducerProperty);
  if (!options) return Complain(options.error());
  fmt::print("{}", ShowAgentOptions(*options));
  return kExitOk;
}

int Parse(const std::string& path, LogFormat format, ParseOutput output) {
  std::FILE* in = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (in == nullptr) return Complain({fmt::format("open {}: {}", path, std::strerror(errno))});
  const auto parsed = ParseLog(in, stdout, stderr, LineFormat::Of(format), output);
  if (in != stdin) (void)std::fclose(in);
  if (!parsed) return Complain({fmt::format("{}: {}", path, parsed.error().message)});
  return kExitOk;
}

Result<std::unique_ptr<HttpServer>> Serve(const std::string& listen, const AgentMetrics& metrics) {
  const auto health = [&metrics](const HttpRequest&) {
    return metrics.Healthy() ? HttpResponse{.body = "ok\n"}
                             : HttpResponse{.status = 503, .body = "the loop stands still\n"};
  };
  return HttpServer::Start(
      listen, {{"/metrics",
                [&metrics](const HttpRequest&) {
                  return HttpResponse{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                                      .body = metrics.Scrape()};
                }},
               {"/healthz", health},
               // Never depends on Kafka: a sidecar's readiness is its pod's.
               {"/readyz", health}});
}

// Steps the agent until a signal ends it.
class Loop {
 public:
  Loop(const AgentOptions& options, const Clock& clock, Waiter& waiter, Agent& agent)
      : options_(options), clock_(clock), waiter_(waiter), agent_(agent) {}

  int Run() {
    Wakeup woken{.names = true};
    while (!agent_.Drained()) {
      const auto plan = agent_.Step(woken.names ? Agent::Hint::kNamesChanged : Agent::Hint::kNone);
      WatchDirectoriesWhenDue(woken);
      woken = waiter_.Wait(
          plan.wait, plan.next == Agent::Next::kWaitForFiles ? WatchFiles::kYes : WatchFiles::kNo);
      if (woken.stop) BeginDrain();
      if (draining_ && clock_.Monotonic() >= give_up_at_) return GiveUp();
    }
    spdlog::info("drained: everything is acknowledged");
    return kExitOk;
  }

 private:
  // Directories come with new files, which the scan may have found without any event.
  void WatchDirectoriesWhenDue(const Wakeup& woken) {
    const Millis now = clock_.Monotonic();
    if (!woken.names && now < next_watch_) return;
    next_watch_ = now + options_.scan_interval;
    for (const std::string& directory : agent_.Directories()) {
      // Without a watch the scan finds what there is.
      if (auto watched = waiter_.WatchDirectory(directory); !watched) {
        spdlog::debug("{}; the scan goes on without", watched.error().message);
      }
    }
  }
  void BeginDrain() {
    if (draining_) return;
    spdlog::info("stopping: reading on until every file is quiet and acknowledged, {}s at most",
                 options_.drain_timeout.count() / 1000);
    draining_ = true;
    give_up_at_ = clock_.Monotonic() + options_.drain_timeout;
    agent_.BeginDrain();
  }
  int GiveUp() {
    agent_.SaveCheckpoint();
    spdlog::error("not drained within drain_timeout: {}; the checkpoint stands before them",
                  agent_.Remains());
    return kExitNotDrained;
  }

  const AgentOptions& options_;
  const Clock& clock_;
  Waiter& waiter_;
  Agent& agent_;
  bool draining_ = false;
  Millis give_up_at_{0};
  Millis next_watch_{0};
};

int Run(const std::string& path) {
  PosixFileSystem files;
  const SystemClock clock;
  const auto options = LoadAgentOptions(files, path, CheckProducerProperty);
  if (!options) return Complain(options.error());
  if (auto logging = SetUpLogging("routerate-agent", options->log_level); !logging) {
    return Complain({fmt::format("{}: log_level: {}", path, logging.error().message)});
  }
  // Signals are blocked here, before any thread begins.
  auto waiter =
      Waiter::Create(options->watch == WatchMode::kPoll ? WatchFiles::kNo : WatchFiles::kYes);
  if (!waiter) return Complain(waiter.error());
  AgentMetrics metrics(clock);
  auto server = Serve(options->listen, metrics);
  if (!server) return Complain(server.error());
  auto producer =
      KafkaProducer::Create(options->kafka, options->max_in_flight, (*waiter)->kick_fd(), clock);
  if (!producer) return Complain(producer.error());
  Agent agent(*options, files, clock, **producer, metrics);
  if (!agent.checkpoint_warning().empty()) spdlog::warn("{}", agent.checkpoint_warning());
  spdlog::info("shipping to {} at {}, listening on {}:{}", options->kafka.topic,
               options->kafka.brokers, options->listen.substr(0, options->listen.rfind(':')),
               (*server)->port());
  return Loop(*options, clock, **waiter, agent).Run();
}

}  // namespace
}  // namespace routerate

// CLI11 throws when options are declared twice: ours to see at the first start.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  using namespace routerate;
  CLI::App app("Tails nginx and tomcat access logs and ships them to Kafka.", "routerate-agent");
  app.set_version_flag("--version", "routerate-agent " ROUTERATE_VERSION);
  app.require_subcommand(0, 1);
  std::string config;
  app.add_option("--config", config, "agent.yaml: follow its inputs and ship them");
  CLI::App* check = app.add_subcommand("check", "validate a configuration; print what is in force");
  check->add_option("--config", config, "agent.yaml")->required();
  CLI::App* parse = app.add_subcommand(
      "parse", "print each line's event as JSON; rejects go to standard error; needs no Kafka");
  std::string format = "auto";
  std::string log = "-";
  bool summary = false;
  parse->add_option("--format", format, "auto | nginx | tomcat | combined")
      ->check(CLI::IsMember({"auto", "nginx", "tomcat", "combined"}));
  parse->add_flag("--summary", summary, "print counts only");
  parse->add_option("file", log, "the log; - is standard input");
  CLI11_PARSE(app, argc, argv);
  if (check->parsed()) return Check(config);
  if (parse->parsed()) {
    return Parse(log, *LogFormatFromName(format),
                 summary ? ParseOutput::kSummary : ParseOutput::kEvents);
  }
  if (config.empty()) {
    fmt::print(stderr, "{}", app.help());
    return kExitError;
  }
  return Run(config);
}
