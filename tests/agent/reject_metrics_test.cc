// Rejected lines as counts by file and reason, and as a log at a bounded rate.
#include "agent/reject_metrics.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/agent/log_capture.h"

using namespace routerate;

namespace {

RejectedLine Rejected(std::uint64_t number, std::string_view bytes) {
  return {
      .offset = 10 * number, .number = number, .why = {RejectReason::kNotJson, 1}, .bytes = bytes};
}

std::string Exposed(const RejectMetrics& metrics) {
  Exposition page;
  metrics.Expose(&page);
  return page.Text();
}

std::uint64_t Total(const RejectLedger& ledger, const std::string& path) {
  std::uint64_t total = 0;
  const auto counts = ledger.CountsByPath();
  if (!counts.contains(path)) return 0;
  for (const std::uint64_t count : counts.at(path)) total += count;
  return total;
}

}  // namespace

TEST_CASE("of a file the first rejected line is logged, then one in ten seconds and a count") {
  LogCapture log;
  RejectMetrics metrics;
  metrics.LineRejected("/a.log", Rejected(1, "one"), Millis{0});
  CHECK(log.Take() == "/a.log: rejected line 1, column 1: not_json: one\n");
  metrics.LineRejected("/b.log", Rejected(7, "other"), Millis{1});
  CHECK(log.Take() == "/b.log: rejected line 7, column 1: not_json: other\n");
  for (std::uint64_t i = 2; i < 1002; ++i) {
    metrics.LineRejected("/a.log", Rejected(i, "more"), Millis{9'999});
  }
  metrics.Stepped(Millis{9'999});
  CHECK(log.Take().empty());
  metrics.LineRejected("/a.log", Rejected(1002, "late"), Millis{10'000});
  CHECK(log.Take() ==
        "/a.log: rejected line 1002, column 1: not_json: late (1000 more since the last one "
        "shown)\n");
}

TEST_CASE("lines that were not shown are told when no other comes") {
  LogCapture log;
  RejectMetrics metrics;
  for (std::uint64_t i = 1; i < 4; ++i) metrics.LineRejected("/a.log", Rejected(i, ""), Millis{0});
  log.Take();
  metrics.Stepped(Millis{10'000});
  CHECK(log.Take() == "/a.log: rejected 2 more lines since the last one shown\n");
  metrics.Stepped(Millis{30'000});
  CHECK(log.Take().empty());
}

TEST_CASE("lost dead letters are logged at a bounded rate, and none is left out of the count") {
  LogCapture log;
  RejectMetrics metrics;
  metrics.DeadLettersLost(3, "no topic", Millis{0});
  CHECK(log.Take() ==
        "dead-letter topic refused (no topic): 3 rejected lines given up; events go on\n");
  metrics.DeadLettersLost(1, "no topic", Millis{29'999});
  CHECK(log.Take().empty());
  metrics.DeadLettersLost(1, "no topic", Millis{30'000});
  CHECK(log.Take() ==
        "dead-letter topic refused (no topic): 2 rejected lines given up; events go on\n");
  CHECK_THAT(Exposed(metrics), Catch::Contains("routerate_agent_dead_letters_lost_total 5\n"));
}

TEST_CASE("rejected lines are counted by reason, and by file") {
  LogCapture log;
  RejectMetrics metrics;
  metrics.LineRejected("/logs/\xFF\"a\".log", Rejected(1, "x"), Millis{0});
  const std::string page = Exposed(metrics);
  const std::string of_file =
      "routerate_agent_file_rejected_lines_total{path=\"/logs/%FF\\\"a\\\".log\","
      "reason=\"not_json\"} 1\n";
  for (const std::string& line :
       {std::string("routerate_agent_rejected_lines_total{reason=\"not_json\"} 1\n"),
        std::string("routerate_agent_rejected_lines_total{reason=\"empty\"} 0\n"), of_file}) {
    CHECK_THAT(page, Catch::Contains(line));
  }
}

TEST_CASE("files told apart are bounded; one without rejects for an hour makes room") {
  RejectLedger ledger;
  const auto path = [](std::size_t i) { return "/logs/" + std::to_string(i); };
  for (std::size_t i = 0; i < RejectLedger::kMostFiles; ++i) {
    ledger.Count(path(i), RejectReason::kEmpty, Millis{static_cast<int>(i)});
  }
  ledger.Count("/new", RejectReason::kEmpty, Millis{1000});
  ledger.Count("/newer", RejectReason::kBadTime, Millis{1000});
  CHECK(Total(ledger, "/new") == 0);
  CHECK(Total(ledger, "other") == 2);
  ledger.Count(path(0), RejectReason::kEmpty, Millis{2000});
  const Millis later = RejectLedger::kForgetAfter + Millis{1};
  ledger.Count("/new", RejectReason::kEmpty, later);
  CHECK(Total(ledger, "/new") == 1);
  CHECK(Total(ledger, path(0)) == 2);
  CHECK(Total(ledger, path(1)) == 0);
  CHECK(Total(ledger, path(2)) == 1);
  CHECK(ledger.CountsByPath().size() == RejectLedger::kMostFiles + 1);
}

TEST_CASE("a rejected line is described in printable text of a bounded length") {
  struct Case {
    RejectedLine line;
    std::string text;
  };
  static const std::string wide(1000, 'w');
  const auto& [line, text] =
      GENERATE_COPY(Case{{4711, std::nullopt, {RejectReason::kBadTime, 3}, "a\\b"},
                         "line at byte 4711, column 3: bad_time: a\\\\b"},
                    Case{{0, 1, {RejectReason::kEmpty, 1}, ""}, "line 1, column 1: empty: "},
                    Case{{0, 1, {RejectReason::kNotJson, 1}, "\x1B[31m\r\xC3\xA9"},
                         "line 1, column 1: not_json: \\x1B[31m\\x0D\\xC3\\xA9"},
                    Case{{0, 1, {RejectReason::kNotJson, 1}, wide},
                         "line 1, column 1: not_json: " + std::string(197, 'w') + "..."},
                    Case{{0, 1, {RejectReason::kNotJson, 961}, wide},
                         "line 1, column 961: not_json: ..." + std::string(100, 'w')});
  CHECK(Describe(line) == text);
  const std::string bytes(1000, '\xFF');
  const std::string shown = Describe({0, 1, {RejectReason::kNotJson, 500}, bytes});
  CHECK(shown.size() <= kExcerptBytes + std::string("line 1, column 500: not_json: ").size());
}
