// The agent's page of metrics and its log as a whole: what waits and for how long, and that there
// is nothing to say while all is well.
#include "agent/agent_metrics.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "agent/log_budget.h"
#include "tests/agent/agent_world.h"
#include "tests/agent/log_capture.h"

using namespace routerate;

namespace {

// An agent whose events are metrics.
struct MeteredWorld : World {
  AgentMetrics metrics{clock};

  MeteredWorld() {
    agent = std::make_unique<Agent>(options, files, watch, clock, Sinks{broker, &dead_letters},
                                    metrics);
  }
  // 0 for a name that is not there, as for a value of 0.
  double Metric(const std::string& name) const {
    std::smatch found;
    const std::string page = metrics.Scrape();
    const std::regex series("\n" + name + R"((?:\{.*\})? (\S+)\n)");
    return std::regex_search(page, found, series) ? std::stod(found[1]) : 0;
  }
  double Waiting() const { return Metric("routerate_agent_oldest_unacknowledged_seconds"); }
  double CheckpointAge() const { return Metric("routerate_agent_checkpoint_age_seconds"); }
};

}  // namespace

TEST_CASE("the oldest line that is not acknowledged is as old as its reading, and 0 if none is") {
  MeteredWorld world;
  CHECK(world.Waiting() == 0);
  world.broker.acknowledge = 0;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Step();
  world.files.Append("/logs/a.log", Line("/two"));
  world.Step(4 * kSecond);
  CHECK(world.Waiting() == 4);
  world.clock.Advance(kSecond);  // a scrape asks the clock, not the last step
  CHECK(world.Waiting() == 5);
  world.broker.acknowledge = 1;
  world.Step();
  CHECK(world.Waiting() == 1);
  world.broker.acknowledge = SIZE_MAX;
  world.Step();
  CHECK(world.Waiting() == 0);
}

TEST_CASE("a line that cannot be sent is waited for from its reading on") {
  MeteredWorld world;
  world.broker.accepts = false;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Step();
  world.Step(7 * kSecond);
  CHECK(world.Waiting() == 7);
  world.broker.accepts = true;
  world.Settle();
  CHECK(world.Waiting() == 0);
}

TEST_CASE("what is read again after a loss is as old as before") {
  MeteredWorld world;
  world.broker.acknowledge = 0;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Step();
  for (int i = 0; i < 3; ++i) {
    world.broker.lose = "no topic";
    world.Step(10 * kSecond);
  }
  CHECK(world.Waiting() == 30);
  world.broker.acknowledge = SIZE_MAX;
  world.Settle();
  CHECK(world.Waiting() == 0);
}

TEST_CASE("the checkpoint ages while it is not what is acknowledged, not while nothing happens") {
  MeteredWorld world;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Settle();
  CHECK(world.CheckpointAge() == 0);
  world.clock.Advance(3600 * kSecond);
  world.Step();
  CHECK(world.CheckpointAge() == 0);
  world.files.replace_fails = ENOSPC;
  world.files.Append("/logs/a.log", Line("/two"));
  world.Step();
  world.Step();  // acknowledged
  for (int i = 0; i < 5; ++i) world.Step(kSecond);
  CHECK(world.CheckpointAge() == 5);
  world.files.replace_fails = 0;
  world.Step(kSecond);
  CHECK(world.CheckpointAge() == 0);
  CHECK(world.Metric("routerate_agent_checkpoint_failures_total") > 0);
}

TEST_CASE("files, lines and bytes are told by input") {
  MeteredWorld world;
  world.options.inputs.push_back({.path = "/tomcat/*.txt", .format = LogFormat::kNginx});
  world.agent = std::make_unique<Agent>(world.options, world.files, world.watch, world.clock,
                                        Sinks{world.broker, &world.dead_letters}, world.metrics);
  world.files.Append("/logs/a.log", Line("/one"));
  world.files.Append("/tomcat/a.txt", Line("/one") + "bad\n");
  world.files.Append("/tomcat/b.txt", Line("/two") + "half");
  world.Settle();
  const std::string page = world.metrics.Scrape();
  const std::string read = std::to_string(2 * Line("/one").size() + 4);
  for (const std::string& line :
       {std::string("routerate_agent_open_files{input=\"/logs/*.log\"} 1\n"),
        std::string("routerate_agent_open_files{input=\"/tomcat/*.txt\"} 2\n"),
        std::string("routerate_agent_behind_bytes{input=\"/logs/*.log\"} 0\n"),
        std::string("routerate_agent_behind_bytes{input=\"/tomcat/*.txt\"} 4\n"),
        "routerate_agent_read_bytes_total{input=\"/tomcat/*.txt\"} " + read + "\n",
        std::string("routerate_agent_lines_total{input=\"/tomcat/*.txt\",outcome=\"accepted\"} 2"),
        std::string("routerate_agent_lines_total{input=\"/tomcat/*.txt\",outcome=\"rejected\"} 1"),
        std::string("routerate_agent_lines_total{input=\"/logs/*.log\",outcome=\"rejected\"} 0")}) {
    CHECK_THAT(page, Catch::Contains(line));
  }
}

TEST_CASE("while all is well the log tells of new files only, whatever is written and rotated") {
  LogCapture log;
  MeteredWorld world;
  world.files.Append("/logs/a.log", Line("/0"));
  world.Settle();
  CHECK(log.Take() == "/logs/a.log: following from byte 0\n");
  for (int i = 0; i < 100; ++i) {
    world.files.Append("/logs/a.log", Line("/" + std::to_string(i)));
    world.Step(kSecond);
  }
  CHECK(log.Take().empty());
  (void)world.files.Rename("/logs/a.log", "/logs/a.log.1");
  world.files.Append("/logs/a.log", Line("/new"));
  for (int i = 0; i < 100; ++i) world.Step(kSecond);
  CHECK(log.Take() == "/logs/a.log: following from byte 0\n");
}

TEST_CASE("twenty thousand new files, or one that cannot be read, fill no log") {
  LogCapture log;
  ManualClock clock{0};
  AgentMetrics metrics(clock);
  for (int i = 0; i < 20'000; ++i) metrics.FileOpened("/logs/" + std::to_string(i), 0);
  for (int i = 0; i < 100; ++i) metrics.FileFailed("read /a.log: Input/output error");
  const std::string first = log.Take();
  CHECK(std::ranges::count(first, '\n') == 11);
  CHECK_THAT(first, Catch::EndsWith("read /a.log: Input/output error; trying again\n"));
  clock.Advance(LogBudget::kPeriod);
  metrics.Stepped({});
  CHECK(log.Take() ==
        "following 19990 more files\n99 more failures to list, open or read; trying again\n");
  metrics.FileOpened("/logs/new", 0);
  CHECK(log.Take() == "/logs/new: following from byte 0\n");
}

TEST_CASE("lost bytes are counted by reason, and told with their file") {
  LogCapture log;
  ManualClock clock{0};
  AgentMetrics metrics(clock);
  metrics.BytesLost("/a.log", LossReason::kTruncated, 40);
  metrics.BytesLost("/b.log", LossReason::kTruncated, 2);
  CHECK(log.Take() ==
        "/a.log: 40 bytes will not be shipped: truncated\n"
        "/b.log: 2 bytes will not be shipped: truncated\n");
  const std::string page = metrics.Scrape();
  for (int reason = 0; reason < kLossReasonCount; ++reason) {
    const auto lost = static_cast<LossReason>(reason);
    CHECK_THAT(page, Catch::Contains(fmt::format(
                         "routerate_agent_lost_bytes_total{{reason=\"{}\"}} {}\n",
                         LossReasonName(lost), lost == LossReason::kTruncated ? 42 : 0)));
  }
}

TEST_CASE("every metric is in docs/agent_metrics.md, and every one there is a metric") {
  const auto names_in = [](const std::string& text, const std::regex& pattern) {
    std::set<std::string> names;
    for (std::sregex_iterator found(text.begin(), text.end(), pattern), end; found != end; ++found)
      names.insert((*found)[1]);
    return names;
  };
  ManualClock clock{0};
  AgentMetrics metrics(clock);
  std::stringstream document;
  document << std::ifstream(ROUTERATE_TESTS_DIR "/../docs/agent_metrics.md").rdbuf();
  CHECK(names_in(document.str(), std::regex(R"(`(routerate_agent_\w+))")) ==
        names_in(metrics.Scrape(), std::regex(R"(# TYPE (\w+))")));
}
