// Blocks of acknowledged lines are given back, and nothing else is (DESIGN A12).
#include "agent/reclaim.h"

#include <catch2/catch.hpp>
#include <cerrno>

#include "tests/agent/agent_world.h"

using namespace routerate;

namespace {

constexpr std::uint64_t kStep = 16 << 10;
constexpr std::uint64_t kHead = 4096;
constexpr int kMany = 1000;  // lines of 100 bytes and more

struct ReclaimingWorld : World {
  explicit ReclaimingWorld(const std::string& pattern = "/logs/*.log") : World(pattern) {
    options.reclaim = ReclaimMode::kPunch;
    options.reclaim_step = kStep;
    options.max_line = kHead;
    options.batch_bytes = 4096;
    Boot();
  }
  std::uint64_t Holes(const std::string& path = kLog) const {
    return std::uint64_t(std::ranges::count(files.Content(path), '\0'));
  }
  void Write(int from, int to, const std::string& path = kLog) {
    for (int i = from; i < to; ++i) files.Append(path, Line(fmt::format("/{:06}", i)));
  }
};

// The numbers of the lines that were counted, in order, as ranges: "0-999 2000-2004".
std::string CountedRanges(const World& world) {
  std::string ranges;
  int begin = 0;
  int end = 0;
  const auto close = [&] { ranges += fmt::format("{}-{} ", begin, end - 1); };
  for (const std::string& path : world.broker.CountedPaths()) {
    const int number = std::stoi(path.substr(1));
    if (number != end) close();
    if (number != end) begin = number;
    end = number + 1;
  }
  close();
  return ranges.substr(0, ranges.size() - 1);
}

std::string All(int lines) { return fmt::format("0-{}", lines - 1); }

bool Holds(const std::vector<std::string>& lines, const std::string& part) {
  return std::ranges::any_of(lines, [&](const auto& line) { return line.contains(part); });
}

std::ptrdiff_t CountRefusals(const World& world) {
  return std::ranges::count_if(world.events.lines, [](const std::string& line) {
    return line.starts_with("reclaim refused");
  });
}

// Where the first line stands that is not acknowledged.
std::uint64_t FirstUnacknowledged(const World& world) {
  std::uint64_t first = UINT64_MAX;
  EventReader reader;
  for (const auto& waiting : world.broker.unacknowledged) {
    const auto record =
        std::ranges::find(world.broker.log, waiting.number, &MemoryBroker::Record::number);
    reader.Read(record->value, [&](const RecordedEvent& e) { first = std::min(first, e.offset); });
  }
  return first;
}

}  // namespace

TEST_CASE("acknowledged blocks are given back but for the head and a little before the offset") {
  ReclaimingWorld world;
  world.Write(0, kMany);
  const std::string written = world.files.Content(kLog);
  world.Settle();
  const std::string left = world.files.Content(kLog);
  const std::uint64_t hole = world.Holes();
  REQUIRE(left.size() == written.size());
  CHECK(world.events.reclaimed == hole);
  CHECK(hole > written.size() - kHead - 2 * Reclaim::kPage - kStep);
  CHECK(hole < written.size() - kHead - Reclaim::kPage);
  CHECK(left.substr(0, kHead) == written.substr(0, kHead));
  CHECK(left.substr(kHead, hole) == std::string(hole, '\0'));
  CHECK(left.substr(kHead + hole) == written.substr(kHead + hole));
  CHECK(CountedRanges(world) == All(kMany));
  CHECK(world.events.lost.empty());
}

TEST_CASE("nothing is given back unless it is asked for") {
  World world;
  for (int i = 0; i < kMany; ++i) world.files.Append(kLog, Line(fmt::format("/{:06}", i)));
  world.options.reclaim_step = kStep;
  world.Settle();
  CHECK(world.files.Content(kLog).find('\0') == std::string::npos);
}

TEST_CASE("nothing is given back that is not acknowledged") {
  ReclaimingWorld world;
  world.broker.acknowledge = 0;
  world.Write(0, kMany);
  world.Settle();
  CHECK(world.Holes() == 0);
  world.broker.acknowledge = 2;
  for (int i = 0; i < 100; ++i) {
    world.Step(Millis{1001});
    CHECK(world.files.Content(kLog).rfind('\0') + 1 <= FirstUnacknowledged(world));
  }
  world.Settle();
  CHECK(world.Holes() > 0);
  CHECK(world.events.lost.empty());
}

TEST_CASE("nothing is given back while no checkpoint can be saved") {
  ReclaimingWorld world;
  world.Write(0, 1);
  world.Settle();
  world.files.replace_fails = ENOSPC;
  world.Write(1, kMany);
  world.Settle();
  CHECK(CountedRanges(world) == All(kMany));
  CHECK(world.Holes() == 0);
  world.files.replace_fails = 0;
  world.Write(kMany, kMany + 1);
  world.Settle();
  CHECK(world.Holes() > 0);
}

TEST_CASE("each of both checkpoints finds a log again that is reclaimed") {
  const bool damaged = GENERATE(false, true);
  INFO("the newest checkpoint is damaged: " << damaged);
  ReclaimingWorld world;
  int written = 0;
  for (int round = 0; round < 20; ++round) {
    INFO("round " << round);
    world.Write(written, written + 300);
    written += 300;
    for (int i = 0; i < round % 5; ++i) world.Step(Millis{600});
    world.Crash(std::size_t(round) % 3);
    if (damaged) world.files.Overwrite("/state/checkpoint", "damaged");
    world.Boot();
  }
  world.Settle();
  CHECK(CountedRanges(world) == All(written));
  CHECK(world.Holes() > kStep);
  CHECK(world.events.reclaimed == world.Holes());
  CHECK(world.events.lost.empty());
}

TEST_CASE("without any checkpoint holes are told lost, and nothing is counted twice") {
  ReclaimingWorld world;
  world.Write(0, kMany);
  world.Settle();
  const std::uint64_t holes = world.Holes();
  world.Crash();
  for (const char* name : {"/state/checkpoint", "/state/checkpoint.previous"}) {
    REQUIRE(world.files.Remove(name).has_value());
  }
  world.Boot();
  world.Write(kMany, kMany + 5);
  world.Settle();
  CHECK(CountedRanges(world) == All(kMany + 5));
  CHECK(world.events.lost[LossReason::kNulBytes] >= holes);
  CHECK(world.events.lost[LossReason::kNulBytes] < holes + 200);  // and half a line before them
}

TEST_CASE("a renamed log is reclaimed under its new name, inside the pattern or outside") {
  const std::string pattern = GENERATE("/logs/*.log", "/logs/*");
  INFO(pattern);
  ReclaimingWorld world(pattern);
  world.Write(0, kMany);
  world.Settle();
  const std::uint64_t before = world.Holes();
  REQUIRE(world.files.Rename(kLog, kLog + ".1").has_value());
  world.Write(kMany, 2 * kMany, kLog + ".1");
  world.Write(2 * kMany, 3 * kMany);
  world.Settle();
  CHECK(world.Holes(kLog + ".1") > before + kStep);
  CHECK(world.Holes() > kStep);
  CHECK(world.broker.CountedPaths().size() == 3 * kMany);
  CHECK(world.events.lost.empty());
}

TEST_CASE("a log that was cut and has grown again loses nothing, even if nobody looked yet") {
  ReclaimingWorld world;
  world.Write(0, kMany);
  world.Step(Millis{1001});
  world.Step(Millis{1001});  // acknowledged, in one checkpoint
  REQUIRE(world.Holes() == 0);
  world.files.Truncate(kLog);
  world.Write(kMany, 3 * kMany);
  world.Write(3 * kMany, 3 * kMany + 1, "/logs/b.log");  // a new file: saved before logs are read
  world.Settle();
  CHECK(world.broker.CountedPaths().size() == 3 * kMany + 1);
  CHECK(world.events.lost.empty());
}

TEST_CASE("a copy that was made before its original was reclaimed is not read") {
  ReclaimingWorld world("/logs/*");
  world.Write(0, kMany);
  world.Settle();
  world.files.Copy(kLog, kLog + ".1");
  for (int i = 1; i < 5; ++i) {
    world.Write(i * kMany, (i + 1) * kMany);
    world.Settle();
  }
  CHECK(world.files.Content(kLog)[world.files.Content(kLog + ".1").size()] == '\0');
  world.Crash();
  world.Boot();
  world.Settle();
  CHECK(CountedRanges(world) == All(5 * kMany));
  CHECK(world.events.lost.empty());
}

TEST_CASE("a reclaimed log may be copied and truncated") {
  const std::string pattern = GENERATE("/logs/*.log", "/logs/*");
  INFO(pattern);
  ReclaimingWorld world(pattern);
  for (int i = 0; i < 3; ++i) {
    world.Write(2 * i * kMany, (2 * i + 1) * kMany);
    world.Settle();
    world.Write((2 * i + 1) * kMany, (2 * i + 2) * kMany);  // to be read in the copy
    world.files.Copy(kLog, fmt::format("{}.{}", kLog, i));
    world.files.Truncate(kLog);
    world.Settle();
  }
  CHECK(CountedRanges(world) == All(6 * kMany));
  CHECK(world.events.lost.empty());
}

TEST_CASE("logs that may not be written are followed, and the reason is told once") {
  ReclaimingWorld world;
  world.files.write_fails = EACCES;
  world.Write(0, kMany);
  world.Write(kMany, kMany + 1, "/logs/b.log");
  world.Step();
  CHECK(Holds(world.events.lines,
              "reclaim refused: open /logs/a.log: Permission denied; let the agent's user write"));
  world.Settle();
  CHECK(CountRefusals(world) == 1);
  CHECK(world.broker.CountedPaths().size() == kMany + 1);
  CHECK(world.Holes() == 0);
  world.files.write_fails = 0;
  world.Write(kMany + 1, 2 * kMany);
  world.Settle();
  CHECK(world.Holes() > kStep);
}

TEST_CASE("a file system without holes is named at once") {
  ReclaimingWorld world;
  world.files.type = {"nfs", false, false};
  world.Write(0, kMany);
  world.Settle();
  CHECK(Holds(world.events.lines,
              "reclaim refused: /logs/a.log lies on nfs, where blocks are not given back; put the "
              "logs on ext4, xfs or tmpfs, or set reclaim: none"));
  CHECK(CountRefusals(world) == 1);
  CHECK(world.Holes() == 0);
  CHECK(CountedRanges(world) == All(kMany));
}

TEST_CASE("a hole that cannot be made is tried again when the log has grown") {
  ReclaimingWorld world;
  int tried = 0;
  world.files.fails = [&](std::string_view call) {
    const bool punch = call == "punch a hole into";
    tried += punch ? 1 : 0;
    return punch ? EIO : 0;
  };
  world.Write(0, kMany);
  world.Settle();
  CHECK(tried == 1);
  CHECK(CountRefusals(world) == 1);
  CHECK(
      Holds(world.events.lines, "punch a hole into /logs/a.log: Input/output error; it is tried"));
  world.files.fails = nullptr;
  world.Write(kMany, 2 * kMany);
  world.Settle();
  CHECK(world.Holes() > std::uint64_t{kMany} * 100);
  CHECK(CountedRanges(world) == All(2 * kMany));
}

TEST_CASE("a log that was large before is given back by and by") {
  ReclaimingWorld world;
  world.options.reclaim_step = 4096;  // so that it is more than 256 steps
  world.options.reclaim = ReclaimMode::kNone;
  world.Write(0, 20 * kMany);
  world.Settle();
  REQUIRE(world.Holes() == 0);
  world.options.reclaim = ReclaimMode::kPunch;
  world.Boot();
  world.Write(20 * kMany, 20 * kMany + 1);
  for (std::uint64_t holes = 0; holes < world.files.Content(kLog).size() - 4 * kHead;) {
    const std::uint64_t before = std::exchange(holes, (world.Step(Millis{1001}), world.Holes()));
    REQUIRE(holes - before <= 256 * 4096);
    REQUIRE((before == 0 || holes > before));
  }
  CHECK(CountedRanges(world) == All(20 * kMany + 1));
}

TEST_CASE("a checkpoint more is saved where it gives blocks back, and no more after that") {
  ReclaimingWorld world;
  world.Write(0, kMany);
  world.Settle();
  const auto modified = world.files.Peek("/state/checkpoint")->modified_ns;
  world.Settle();
  CHECK(world.files.Peek("/state/checkpoint")->modified_ns == modified);
}
