// An agent with ship: summaries: what leaves as a summary, what as events, and that nothing is
// counted twice or not at all.
#include <catch2/catch.hpp>

#include "parsers/summary_record.h"
#include "tests/agent/agent_world.h"

using namespace routerate;

namespace {

struct SummaryWorld : World {
  SummaryWorld() {
    options.ship = ShipMode::kSummaries;
    Boot();
    files.Append("/logs/a.log", "");
    Step();
  }
  void Write(const std::string& text) { files.Append("/logs/a.log", text); }
};

// As the aggregator counts: by marks, and a summary whole or not at all.
struct Counted {
  std::map<std::string, std::uint64_t> requests;  // by path or route
  std::size_t repeats = 0;
  std::size_t overlaps = 0;  // records
};

Counted Count(const MemoryBroker& broker) {
  Counted counted;
  std::map<std::pair<std::string, std::string>, std::int64_t> marks;
  EventReader events;
  SummaryReader summaries;
  for (const auto& record : broker.log) {
    std::int64_t& mark =
        marks.try_emplace({record.headers.source, record.headers.file}, -1).first->second;
    if (record.headers.kind == RecordKind::kEvents) {
      events.Read(record.value, [&](const RecordedEvent& event) {
        const auto offset = static_cast<std::int64_t>(event.offset);
        if (offset <= mark) return void(++counted.repeats);
        mark = offset;
        ++counted.requests[std::string(event.event.path)];
      });
    }
    if (record.headers.kind != RecordKind::kSummary) continue;
    const LineRange lines = record.headers.lines;
    if (lines.first <= mark) {
      ++(lines.last <= mark ? counted.repeats : counted.overlaps);
      continue;
    }
    mark = lines.last;
    const std::size_t skipped = summaries.Read(record.value, [&](const SummaryRow& row) {
      counted.requests[std::string(row.key.route)] += row.counts.Requests();
    });
    CHECK(skipped == 0);
  }
  return counted;
}

std::uint64_t Sum(const Counted& counted) {
  std::uint64_t sum = 0;
  for (const auto& [route, requests] : counted.requests) sum += requests;
  return sum;
}

// Every line once, and no summary that overlaps.
void CheckCounts(const MemoryBroker& broker, std::uint64_t lines) {
  const Counted counted = Count(broker);
  CHECK(counted.overlaps == 0);
  CHECK(Sum(counted) == lines);
}

constexpr Millis kMoment{50};

}  // namespace

TEST_CASE("the lines of a second are one summary") {
  SummaryWorld world;
  for (int i = 0; i < 20; ++i) {
    world.Write(LinesOf(10 * i, 10 * i + 10));
    world.Step(kMoment);
    CHECK(world.broker.Of(RecordKind::kSummary).empty());
  }
  world.Step(kMoment);
  const auto summaries = world.broker.Of(RecordKind::kSummary);
  REQUIRE(summaries.size() == 1);
  const auto line = static_cast<std::int64_t>(LinesOf(0, 1).size());
  CHECK(summaries[0].headers.lines.first == 0);
  CHECK(summaries[0].headers.lines.last == 199 * line);
  CHECK(Count(world.broker).requests == std::map<std::string, std::uint64_t>{{"/{id}", 200}});
  CHECK(world.broker.Of(RecordKind::kEvents).empty());
}

TEST_CASE("lines that were there when the file was opened are events") {
  World world;
  world.options.ship = ShipMode::kSummaries;
  world.files.Append("/logs/a.log", LinesOf(0, 3) + "{\"half");
  world.Boot();
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 3));
  // The line that began then is one of them.
  world.files.Append("/logs/a.log", " a line\"}\n" + LinesOf(3, 5));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 3));
  CHECK(Count(world.broker).requests["/{id}"] == 2);
}

TEST_CASE("after a kill nothing is counted twice, whatever had arrived") {
  const std::size_t survivors = GENERATE(0U, 1U, 2U, 100U);
  SummaryWorld world;
  world.broker.acknowledge = 0;
  world.Write(LinesOf(0, 5));
  world.Step(kMoment);
  world.Step(kSecond);
  world.Write(LinesOf(5, 9));
  world.Step(kMoment);
  world.Step(kSecond);
  world.Write(LinesOf(9, 12));
  world.Step(kMoment);  // and these wait in an open summary
  REQUIRE(world.broker.Of(RecordKind::kSummary).size() == 2);
  world.Crash(survivors);
  world.broker.acknowledge = SIZE_MAX;
  world.Boot();
  world.Settle();
  world.Write(LinesOf(12, 20));
  world.Settle();
  CheckCounts(world.broker, 20);
  CHECK(world.broker.log.back().headers.kind == RecordKind::kHeartbeat);
}

// A summary of five lines is sent, three more are read, and nothing is acknowledged.
void LeaveUnacknowledged(SummaryWorld& world) {
  world.broker.acknowledge = 0;
  world.Write(LinesOf(0, 5));
  world.Step(kMoment);
  world.Step(kSecond);
  world.Write(LinesOf(5, 8));
  world.Step(kMoment);
}

TEST_CASE("after a loss what was sent leaves as events, and what comes behind as summaries") {
  SummaryWorld world;
  LeaveUnacknowledged(world);
  world.broker.survivors = GENERATE(0U, 100U);
  world.broker.lose = "gone";
  world.broker.acknowledge = SIZE_MAX;
  world.Settle();
  CHECK(world.broker.Of(RecordKind::kEvents).size() == 1);
  world.Write(LinesOf(8, 11));
  world.Settle();
  CHECK(world.broker.Of(RecordKind::kEvents).size() == 1);
  CheckCounts(world.broker, 11);
}

TEST_CASE("a summary is no larger than a batch, however many routes there are") {
  SummaryWorld world;
  world.options.batch_bytes = 8 << 10;
  world.Boot();
  world.Step();
  std::string lines;
  for (int i = 0; i < 500; ++i) {
    lines += Line(fmt::format("/{}{}/list", static_cast<char>('a' + i % 26),
                              std::string(static_cast<std::size_t>(i / 26), 'z')));
  }
  world.Write(lines);
  world.Settle();
  const auto summaries = world.broker.Of(RecordKind::kSummary);
  CHECK(summaries.size() > 10);
  for (const auto& summary : summaries) CHECK(summary.value.size() <= 9 << 10);
  CheckCounts(world.broker, 500);
}

TEST_CASE("a summary that is too large for Kafka leaves as events") {
  SummaryWorld world;
  const bool by_client = GENERATE(true, false);
  (by_client ? world.broker.client_limit : world.broker.broker_limit) = 150;
  world.Write(LinesOf(0, 20));
  for (int i = 0; i < 40; ++i) world.Step(kSecond);
  CHECK(world.broker.refusals > 0);
  CHECK(world.broker.CountedPaths() == Numbers(0, 20));
  // And the next ones, as long as that is remembered.
  world.Write(LinesOf(20, 30));
  const std::size_t refusals = world.broker.refusals;
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 30));
  CHECK(world.broker.refusals == refusals);
  CheckCounts(world.broker, 30);
}

TEST_CASE("a full queue makes the summary wait") {
  SummaryWorld world;
  world.broker.accepts = false;
  world.Write(LinesOf(0, 20));
  for (int i = 0; i < 3; ++i) world.Step(kSecond);
  CHECK(world.broker.Of(RecordKind::kSummary).empty());
  world.broker.accepts = true;
  world.Settle();
  CheckCounts(world.broker, 20);
  CHECK(world.broker.Of(RecordKind::kEvents).empty());
}

TEST_CASE("no watermark passes a line that waits in a summary, and it goes on all the same") {
  SummaryWorld world;
  world.files.Append("/logs/b.log", "");
  world.Step(kSecond);
  world.Settle();
  std::map<std::string, WallMs> oldest;  // by file: of its lines that are not in the topic
  WallMs before = 0;
  WallMs watermark = 0;
  for (int i = 0; i < 200; ++i) {
    // One always has an open summary.
    const std::string path = i % 2 == 0 ? "/logs/a.log" : "/logs/b.log";
    world.files.Append(path, Line("/x"));
    oldest.try_emplace(path, world.clock.Wall());
    const std::size_t sent = world.broker.log.size();
    world.Step(kMoment);
    for (std::size_t record = sent; record < world.broker.log.size(); ++record) {
      const RecordHeaders& headers = world.broker.log[record].headers;
      for (const auto& [file, since] : oldest) CHECK(headers.watermark_ms <= since);
      watermark = std::max(watermark, headers.watermark_ms);
      if (headers.kind == RecordKind::kSummary) {
        // Which file's it is, its id does not say: both were written in the last second.
        oldest.clear();
        oldest[path] = world.clock.Wall();
      }
    }
    if (i == 100) before = watermark;
  }
  CHECK(watermark >= before + 4'000);
}

TEST_CASE("a drain sends what waits, then says goodbye") {
  SummaryWorld world;
  world.Write(LinesOf(0, 5));
  world.Step(kMoment);
  world.agent->BeginDrain();
  for (int i = 0; i < 10 && !world.agent->Drained(); ++i) world.Step(Millis{300});
  CHECK(world.agent->Drained());
  CheckCounts(world.broker, 5);
  CHECK(world.broker.log.back().headers.kind == RecordKind::kGoodbye);
}

TEST_CASE("the content behind a truncation is summarised from its first line") {
  World world;
  world.options.ship = ShipMode::kSummaries;
  world.files.Append("/logs/a.log", LinesOf(0, 50));
  world.Boot();
  world.Settle();
  world.files.Truncate("/logs/a.log");
  world.Step(kMoment);
  world.files.Append("/logs/a.log", LinesOf(50, 60));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 50));
  CheckCounts(world.broker, 60);
}

TEST_CASE("another configuration goes on exactly, whatever it ships") {
  SummaryWorld world;
  LeaveUnacknowledged(world);
  FileInheritance files = world.agent->Release();
  world.agent.reset();
  world.broker.acknowledge = SIZE_MAX;
  world.options.ship = GENERATE(ShipMode::kEvents, ShipMode::kSummaries);
  world.agent = std::make_unique<Agent>(world.options, world.files, world.watch, world.clock,
                                        Sinks{world.broker, &world.dead_letters}, world.events,
                                        std::move(files));
  world.Settle();
  world.Write(LinesOf(8, 12));
  world.Settle();
  CheckCounts(world.broker, 12);
}

TEST_CASE("rejected lines are told, and kept, as with events") {
  SummaryWorld world;
  world.options.dead_letter.topic = "rejects";
  world.Boot();
  world.Step();
  world.Write(LinesOf(0, 2) + "garbage\n" + LinesOf(2, 3));
  world.Settle();
  CHECK(world.events.rejects.size() == 1);
  REQUIRE(world.dead_letters.log.size() == 1);
  CHECK(world.dead_letters.log[0].value == "garbage");
  CheckCounts(world.broker, 3);
  CHECK(world.broker.Of(RecordKind::kSummary).size() == 1);
}

TEST_CASE("what may not leave is in no summary") {
  SummaryWorld world;
  world.options.redaction.fields = EventFields::None();
  world.Boot();
  world.Step();
  world.Write(LinesOf(0, 2));
  world.Settle();
  const auto summaries = world.broker.Of(RecordKind::kSummary);
  REQUIRE(summaries.size() == 1);
  CHECK_THAT(summaries[0].value, Catch::Contains("\"method\":\"\"") &&
                                     Catch::Contains("\"requests\":{\"unknown\":2},\"bytes\":{}"));
}
