// Several processes over one counts log: whoever owns a partition, everybody knows the same, and
// nothing is counted twice (DESIGN G4, G5).
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "aggregator/counts_start.h"
#include "tests/aggregator/aggregator_world.h"

namespace routerate {
namespace {

// What is in the input partition; read from any offset.
struct Input {
  std::vector<std::vector<TestEvent>> records;

  void Write(std::uint64_t offset) { records.push_back({{.offset = offset}}); }
};

// Asks for offsets, and gets the records behind them when it reads.
class InputSource final : public RecordSource {
 public:
  explicit InputSource(const Input& input) : input_(input) {}

  void ReadFrom(int, std::int64_t offset) override {
    next_ = static_cast<std::size_t>(std::max<std::int64_t>(offset, 0));
    begun_ = true;
  }
  void Poll(Millis, RecordVisitor& visitor) override {
    for (; begun_ && next_ < input_.records.size(); ++next_) {
      const HeaderPairs pairs = EncodeHeaders({RecordKind::kEvents, kSource, "file", kStart});
      const std::vector<std::pair<std::string_view, std::string_view>> views(pairs.begin(),
                                                                             pairs.end());
      const std::string value = EventLines(input_.records[next_]);
      visitor.OnRecord({0, static_cast<std::int64_t>(next_), kStart, views, value});
    }
    if (begun_) visitor.OnCaughtUp(0);
  }
  SourceStatus Status() const override { return {}; }

 private:
  const Input& input_;
  std::size_t next_ = 0;
  bool begun_ = false;
};

struct Replica {
  Replica(const Input& input, CountsTopic& topic, std::uint64_t writer)
      : source(input),
        log(topic),
        intake(options, *RouteMatcher::Create({}, ""), clock, source, log, writer) {
    options.forget_after = Millis{24 * 3'600'000};
    log.Poll(intake);
  }

  void Read() { source.Poll(Millis{0}, intake); }
  void Flush() { intake.Flush(); }
  void Hear() { log.Poll(intake); }
  std::uint64_t Counted() {
    StatsSnapshot snapshot;
    snapshot.services = BuildServiceStats(intake.partitions(), LogReading::kCaughtUp, options,
                                          RuleIndex(), clock.Wall());
    return Total(snapshot);
  }

  AggregatorOptions options;
  ManualClock clock{kStart};
  InputSource source;
  MemoryCountsLog log;
  RecordIntake intake;
};

struct Replicas {
  Input input;
  CountsTopic topic;
  Replica a{input, topic, 1};
  Replica b{input, topic, 2};

  // A record is written, and counted by `a`.
  void AppendByA(std::uint64_t offset) {
    input.Write(offset);
    a.Read();
    a.Flush();
  }
};

TEST_CASE("a replica that owns nothing knows what the owner counted") {
  Replicas two;
  two.a.intake.OnAssigned(0);
  two.AppendByA(1);
  CHECK(two.a.Counted() == 0);  // known is what came back from the log
  two.a.Hear();
  two.b.Hear();
  CHECK(two.a.Counted() == 1);
  CHECK(two.b.Counted() == 1);
}

TEST_CASE("a new owner goes on at the last covered offset") {
  Replicas two;
  two.a.intake.OnAssigned(0);
  two.AppendByA(1);
  two.input.Write(2);
  two.a.Read();  // counted, and never appended: the owner dies here
  two.b.Hear();
  two.b.intake.OnAssigned(0);
  two.b.Read();
  two.b.Flush();
  two.b.Hear();
  CHECK(two.b.Counted() == 2);
  CHECK(two.b.intake.health().duplicates == 0);
}

TEST_CASE("an owner that was replaced and writes late changes nothing, and begins again") {
  Replicas two;
  two.a.intake.OnAssigned(0);
  two.b.intake.OnAssigned(0);
  two.input.Write(1);
  two.a.Read();
  two.b.Read();
  two.b.Flush();
  two.a.Flush();  // of the same records, behind the other's
  two.b.Hear();
  two.a.Hear();
  CHECK(two.a.Counted() == 1);
  CHECK(two.b.Counted() == 1);
  CHECK(two.a.intake.health().ignored_counts == 1);
  two.AppendByA(2);
  two.a.Hear();
  two.b.Hear();
  CHECK(two.a.Counted() == 2);
  CHECK(two.b.Counted() == 2);
}

TEST_CASE("what may not have arrived is counted again, and once") {
  Replicas two;
  two.a.intake.OnAssigned(0);
  two.AppendByA(1);
  SECTION("it did not") { two.topic.values.clear(); }
  SECTION("it did") {}
  two.a.intake.OnAppendFailed(0);
  two.a.Read();
  two.a.Flush();
  for (int i = 0; i < 3; ++i) {
    two.a.Hear();
    two.a.Read();
    two.a.Flush();
  }
  two.a.Hear();
  CHECK(two.a.Counted() == 1);
}

TEST_CASE("a process that starts adds up the log, and a damaged record stops it there") {
  Replicas two;
  two.a.intake.OnAssigned(0);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    two.AppendByA(i);
    two.a.Hear();
  }
  Replica late(two.input, two.topic, 3);
  CHECK(late.Counted() == 3);
  two.topic.values[1].back() = static_cast<char>(two.topic.values[1].back() ^ 1);
  Replica stopped(two.input, two.topic, 4);
  CHECK(stopped.Counted() == 1);
  CHECK(stopped.intake.health().rejected_counts[2] == 1);
  CHECK(stopped.intake.health().ignored_counts == 1);
}

TEST_CASE("an hourly snapshot is all that a process needs, with what came behind it") {
  Replicas two;
  two.a.intake.OnAssigned(0);
  const auto write = [&two](std::uint64_t offset) {
    two.AppendByA(offset);
    two.a.Hear();
  };
  write(1);
  two.a.clock.Advance(Millis{3'600'000});
  const std::size_t before = two.topic.values.size();
  write(2);
  write(3);
  CHECK(two.topic.values.size() == before + 3);
  CountsStart start;
  start.See(two.topic.values.back());
  CHECK(start.Offset(1) == static_cast<std::int64_t>(before));
  two.topic.values.erase(two.topic.values.begin(),
                         two.topic.values.begin() + static_cast<std::ptrdiff_t>(before));
  Replica late(two.input, two.topic, 3);
  CHECK(late.Counted() == 3);
  CHECK(two.a.Counted() == 3);
  late.intake.OnAssigned(0);
  late.Read();
  late.Flush();
  late.Hear();
  CHECK(late.Counted() == 3);
}

}  // namespace
}  // namespace routerate
