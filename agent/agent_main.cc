// routerate-agent: the command line, then the loop. Everything that can be wrong in the
// configuration is told before anything is touched.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/agent_metrics.h"
#include "agent/agent_options.h"
#include "agent/agent_session.h"
#include "agent/key_mapping.h"
#include "agent/parse_command.h"
#include "base/http_server.h"
#include "base/logging.h"
#include "base/process_limits.h"
#include "base/waiter.h"
#include "inject/inject_command.h"

namespace routerate {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitError = 1;
constexpr int kExitNotDrained = 2;
constexpr const char* kYamlVariable = "ROUTERATE_AGENT_YAML";

int Complain(const Error& error) {
  fmt::print(stderr, "routerate-agent: {}\n", error.message);
  return kExitError;
}

// agent.yaml at `path`; without a path, the text that the environment holds in its place.
Result<AgentOptions> LoadConfig(FileSystem& files, const std::string& path) {
  if (!path.empty()) return LoadAgentOptions(files, path, CheckProducerProperty);
  const char* text = std::getenv(kYamlVariable);
  if (text == nullptr || *text == '\0') {
    return Fail(
        fmt::format("no configuration: give --config FILE, or its text in {}", kYamlVariable));
  }
  return ReadAgentOptions(files, {text, kYamlVariable, ""}, CheckProducerProperty);
}

int Check(const std::string& path) {
  PosixFileSystem files;
  const auto options = LoadConfig(files, path);
  if (!options) return Complain(options.error());
  fmt::print("{}", ShowAgentOptions(*options));
  return kExitOk;
}

struct ParseArguments {
  std::string format = "auto";
  std::vector<std::string> keys;  // "NAME=FIELD"
  std::string config;             // empty: everything is shown
  std::string log = "-";
  ParseOutput output = ParseOutput::kEvents;
};

Result<KeyMapping> ReadKeys(const ParseArguments& arguments) {
  KeyMapping keys;
  for (const std::string& key : arguments.keys) {
    if (auto added = AddKey(key, &keys); !added) return Fail("--key: " + added.error().message);
  }
  if (!keys.empty() && arguments.format == LogFormatName(LogFormat::kCombined)) {
    return Fail("--key: the combined format has no keys");
  }
  return keys;
}

Result<RedactionRules> ReadRules(const std::string& config) {
  if (config.empty()) return RedactionRules{};
  PosixFileSystem files;
  auto options = LoadAgentOptions(files, config, CheckProducerProperty);
  if (!options) return std::unexpected(std::move(options.error()));
  return std::move(options->redaction);
}

int Parse(const ParseArguments& arguments) {
  auto keys = ReadKeys(arguments);
  if (!keys) return Complain(keys.error());
  auto rules = ReadRules(arguments.config);
  if (!rules) return Complain(rules.error());
  const LineFormat format(*LogFormatFromName(arguments.format), std::move(*keys));
  const std::string& path = arguments.log;
  std::FILE* in = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (in == nullptr) return Complain({fmt::format("open {}: {}", path, std::strerror(errno))});
  const auto parsed = ParseLog(in, stdout, stderr, {format, std::move(*rules), arguments.output});
  if (in != stdin) (void)std::fclose(in);
  if (!parsed) return Complain({fmt::format("{}: {}", path, parsed.error().message)});
  return kExitOk;
}

Result<std::unique_ptr<HttpServer>> Serve(HttpLoop& loop, const std::string& listen,
                                          const AgentMetrics& metrics) {
  const auto health = [&metrics](const HttpRequest&) {
    return metrics.Healthy() ? HttpResponse{.body = "ok\n"}
                             : HttpResponse{.status = 503, .body = "the loop stands still\n"};
  };
  const auto scrape = [&metrics](const HttpRequest&) {
    return HttpResponse{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                        .body = metrics.Scrape()};
  };
  return HttpServer::Listen(
      loop, {.listen = listen,
             .route = ByPath({{"/metrics", scrape},
                              {"/healthz", health},
                              // Never depends on Kafka: a sidecar's readiness is its pod's.
                              {"/readyz", health}})});
}

const char* ConfigName(const std::string& path) {
  return path.empty() ? kYamlVariable : path.c_str();
}

// Log files, and a reserve for Kafka's connections, the server's and the checkpoint.
Result<AgentOptions> LoadOptions(FileSystem& files, const std::string& path) {
  auto options = LoadConfig(files, path);
  if (!options) return options;
  constexpr std::uint64_t kReserve = 40;
  const std::uint64_t allowed = RaiseOpenFileLimit();
  const std::uint64_t room = allowed > 2 * kReserve ? allowed - kReserve : allowed / 4;
  if (options->max_open_files > room) {
    spdlog::warn("max_open_files: {} instead of {}, since this process may have {} open files",
                 room, options->max_open_files, allowed);
    options->max_open_files = room;
  }
  return options;
}

// Steps the agent until a signal ends it.
class Loop {
 public:
  Loop(std::string config, std::unique_ptr<AgentSession> session, AgentSession::Doors doors)
      : config_(std::move(config)), session_(std::move(session)), doors_(doors) {}

  int Run() {
    Wakeup woken;
    for (;;) {
      const auto plan = agent().Step(woken.files);
      if (agent().Drained()) break;
      woken = doors_.waiter.Wait(
          plan.wait, plan.next == Agent::Next::kWaitForFiles ? WatchFiles::kYes : WatchFiles::kNo);
      if (woken.stop) BeginDrain();
      if (woken.reload && !draining_) {
        Reload();
        woken.files.all = true;
      }
      if (draining_ && doors_.clock.Monotonic() >= give_up_at_) return GiveUp();
    }
    spdlog::info("drained: everything is acknowledged");
    return kExitOk;
  }

 private:
  Agent& agent() { return session_->agent(); }

  // A configuration with a mistake changes nothing.
  void Reload() {
    auto options = LoadOptions(doors_.files, config_);
    if (!options) return Refuse(options.error());
    if (options->listen != session_->options().listen) {
      spdlog::warn("listen: {} takes effect at the next start", options->listen);
    }
    auto session = AgentSession::Replace(std::move(*options), *session_);
    if (!session) return Refuse(session.error());
    session_ = std::move(*session);
    (void)SetUpLogging("routerate-agent", session_->options().log_level);  // was judged before
    spdlog::info("{} is in force", ConfigName(config_));
  }
  static void Refuse(const Error& error) {
    spdlog::error("{}; the configuration before stays in force", error.message);
  }
  void BeginDrain() {
    if (draining_) return;
    const Millis timeout = session_->options().drain_timeout;
    spdlog::info("stopping: reading on until every file is quiet and acknowledged, {}s at most",
                 timeout.count() / 1000);
    draining_ = true;
    give_up_at_ = doors_.clock.Monotonic() + timeout;
    agent().BeginDrain();
  }
  int GiveUp() {
    agent().SaveCheckpoint();
    spdlog::error("not drained within drain_timeout: {}; the checkpoint stands before them",
                  agent().Remains());
    return kExitNotDrained;
  }

  std::string config_;
  std::unique_ptr<AgentSession> session_;
  AgentSession::Doors doors_;
  bool draining_ = false;
  Millis give_up_at_{0};
};

int Run(const std::string& path) {
  PosixFileSystem files;
  const SystemClock clock;
  auto options = LoadOptions(files, path);
  if (!options) return Complain(options.error());
  if (auto logging = SetUpLogging("routerate-agent", options->log_level); !logging) {
    return Complain({fmt::format("{}: log_level: {}", ConfigName(path), logging.error().message)});
  }
  // Signals are blocked here, before any thread begins.
  auto waiter =
      Waiter::Create(options->watch == WatchMode::kPoll ? WatchFiles::kNo : WatchFiles::kYes);
  if (!waiter) return Complain(waiter.error());
  AgentMetrics metrics(clock);
  HttpLoop pages;
  auto server = Serve(pages, options->listen, metrics);
  if (!server) return Complain(server.error());
  const HttpThread pages_thread(pages);
  const AgentSession::Doors doors{files, **waiter, clock, metrics};
  auto session = AgentSession::Start(std::move(*options), doors);
  if (!session) return Complain(session.error());
  const AgentOptions& in_force = (*session)->options();
  const std::string& warning = (*session)->agent().checkpoint_warning();
  if (!warning.empty()) spdlog::warn("{}", warning);
  spdlog::info("shipping to {} at {}, listening on {}:{}", in_force.kafka.topic,
               in_force.kafka.brokers, in_force.listen.substr(0, in_force.listen.rfind(':')),
               (*server)->port());
  return Loop(path, std::move(*session), doors).Run();
}

void AddParseOptions(CLI::App* parse, ParseArguments* arguments) {
  parse->add_option("--format", arguments->format, "auto | nginx | tomcat | combined")
      ->check(CLI::IsMember({"auto", "nginx", "tomcat", "combined"}));
  parse
      ->add_option("--key", arguments->keys,
                   "NAME=FIELD: a key of your own and what it means, as inputs[].keys of\n"
                   "agent.yaml; may be repeated")
      ->type_name("NAME=FIELD")
      ->allow_extra_args(false);
  parse->add_option("--config", arguments->config,
                    "agent.yaml: show events as its fields and redact would ship them");
  parse->add_flag_callback(
      "--summary", [arguments] { arguments->output = ParseOutput::kSummary; },
      "print counts only: lines = accepted + repaired + rejected_...");
  parse->add_option("file", arguments->log, "the log; - is standard input");
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
  app.add_option("--config", config,
                 "agent.yaml: follow its inputs and ship them; without it, the text in the\n"
                 "environment variable ROUTERATE_AGENT_YAML");
  CLI::App* check = app.add_subcommand("check", "validate a configuration; print what is in force");
  check->add_option("--config", config, "agent.yaml; without it, the text in ROUTERATE_AGENT_YAML");
  CLI::App* parse = app.add_subcommand(
      "parse",
      "print each line's event as JSON; rejects go to standard error with line and column; exit 0\n"
      "whatever the lines are like; needs no Kafka");
  ParseArguments arguments;
  AddParseOptions(parse, &arguments);
  InjectCommand inject(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 has an exit code for each mistake; here a wrong command line is as a wrong file.
    return app.exit(error) == 0 ? kExitOk : kExitError;
  }
  if (check->parsed()) return Check(config);
  if (parse->parsed()) return Parse(arguments);
  if (inject.parsed()) return inject.Run();
  return Run(config);
}
