// No client can change what a line tells of anything but his own text: generated hostile texts in
// every place that a client controls, in the log of every model server.
#include <catch2/catch.hpp>

#include "tests/parsers/hostile_log.h"
#include "tests/parsers/random_paths.h"

using namespace routerate;

namespace {

// What an honest reader makes of `told`; views into it.
AccessEvent EventOf(const ToldRequest& told) {
  return {told.ts_ms, told.method,      told.host,   told.path,    told.query, told.status,
          told.bytes, told.duration_us, told.client, told.referer, told.agent, told.user};
}

}  // namespace

TEST_CASE("the check of forgeries finds each field that is wrong") {
  void (*const forgers[])(AccessEvent*) = {
      [](AccessEvent* e) { ++e->ts_ms; },         [](AccessEvent* e) { ++e->status; },
      [](AccessEvent* e) { ++e->bytes; },         [](AccessEvent* e) { ++e->duration_us; },
      [](AccessEvent* e) { e->method = "HEAD"; }, [](AccessEvent* e) { e->host = "forged"; },
      [](AccessEvent* e) { e->path = "/x"; },     [](AccessEvent* e) { e->query = "x"; },
      [](AccessEvent* e) { e->client = "::2"; },  [](AccessEvent* e) { e->referer = ""; },
      [](AccessEvent* e) { e->agent = "x"; },     [](AccessEvent* e) { e->user = "root"; }};
  const SentRequest sent = {.ts_ms = 1795312800123,
                            .client = "::1",
                            .method = "GET",
                            .target = "/a?b",
                            .version = "HTTP/1.1",
                            .user = "ann",
                            .referer = "r\"",
                            .agent = "c",
                            .host = "h"};
  for (const LogDialect& dialect : LogDialects()) {
    // Three fields are let pass there.
    if (dialect.format == LogFormat::kCombined && dialect.bare == BareParts::kAll) continue;
    INFO(dialect.name);
    const ToldRequest told = dialect.tell(sent);
    const HostileLine line{sent, dialect.write(sent), true, false};
    CHECK(WrongField(dialect, line, EventOf(told)) == "");
    for (const auto forge : forgers) {
      AccessEvent event = EventOf(told);
      forge(&event);
      CHECK(WrongField(dialect, line, event) != "");
    }
  }
}

namespace {

// Draws logs of each dialect until one is forged.
void CheckLogs(HostileLog (*make)(Choices*, const LogDialect&), int logs_per_dialect) {
  const std::uint64_t seed = TestSeed();
  INFO("SEED=" << seed);
  for (const LogDialect& dialect : LogDialects()) {
    Choices choices(seed);
    std::string forgery;
    for (int i = 0; i < logs_per_dialect && forgery.empty(); ++i) {
      forgery = ForgeryIn(make(&choices, dialect));
    }
    CHECK(forgery == "");
  }
}

}  // namespace

TEST_CASE("random hostile texts forge no field, invent no line and spoil none behind them") {
  CheckLogs(MakeHostileLog, 3000);
}

TEST_CASE("a random flood of one hostile line spoils no line behind it") {
  CheckLogs(MakeFlood, 100);
}
