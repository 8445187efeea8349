// What comes and goes between two looks, or in the middle of one: it is read, or in the ledger as
// far as it was seen.
#include <catch2/catch.hpp>
#include <cerrno>

#include "tests/agent/agent_world.h"

using namespace routerate;

TEST_CASE("a content that came and was cut again within a look is in the ledger if it was seen") {
  const std::string other = LinesOf(30, 60);
  bool seen = false;
  for (int nth = 1; nth < 30; ++nth) {  // before the so many-th call it is cut
    INFO(nth);
    World world;
    world.files.Append(kLog, LinesOf(0, 10));
    world.Settle();
    const auto file = world.files.Get(kLog);
    world.files.Overwrite(kLog, other);
    file->told_size = file->read_end = 0;
    bool seen_here = false;
    world.files.fails = [&, left = nth](std::string_view) mutable {
      if (--left != 0) return 0;
      seen_here = file->told_size == other.size() && file->read_end > 0;
      world.files.Truncate(kLog);
      return 0;
    };
    world.Settle();
    seen = seen || seen_here;
    const bool counted = world.broker.CountedPaths().size() == 40;
    if (!counted) CHECK(world.broker.CountedPaths() == Numbers(0, 10));
    const std::uint64_t lost = world.events.lost[LossReason::kTruncated];
    if (counted) CHECK(lost == 0);
    if (!counted && seen_here) CHECK(lost == other.size());
  }
  CHECK(seen);
}

TEST_CASE("a content that was seen beside its copy only, and cut again, is in the ledger") {
  const std::string other = LinesOf(30, 60);
  World world("/logs/*.log*");
  world.files.Append(kLog, LinesOf(0, 10));
  world.broker.acknowledge = 0;
  world.Settle();
  world.files.Copy(kLog, kCopy);
  world.files.Append(kCopy, LinesOf(10, 20));  // unread by now: it is read on in the copy
  const auto file = world.files.Get(kLog);
  world.files.Overwrite(kLog, other);
  file->told_size = file->read_end = 0;
  bool cut = false;
  // After it was compared with the copy, before it is read.
  world.files.fails = [&](std::string_view call) {
    if (!cut && call == "write" && file->read_end > 0) {
      cut = true;
      world.files.Truncate(kLog);
    }
    return 0;
  };
  world.Settle();
  world.broker.acknowledge = SIZE_MAX;
  world.Settle();
  REQUIRE(cut);
  auto counted = world.broker.CountedPaths();
  std::ranges::sort(counted);
  CHECK(counted == Numbers(0, 20));
  CHECK(world.events.lost[LossReason::kTruncated] == other.size());
}

TEST_CASE(
    "what was written in the middle of a look, and cut, is in the ledger if its size was told") {
  const std::string more = LinesOf(10, 12);
  int told = 0;
  for (int nth = 1; nth < 30; ++nth) {  // before the so many-th call it is written
    INFO(nth);
    World world;
    world.files.Append(kLog, LinesOf(0, 10));
    world.Settle();
    const auto file = world.files.Get(kLog);
    world.options.max_in_flight = 0;
    world.files.fails = [&, left = nth](std::string_view) mutable {
      if (--left == 0) world.files.Append(kLog, more);
      return 0;
    };
    world.Step(Millis{1001});
    world.files.fails = nullptr;
    const bool told_here = file->told_size == LinesOf(0, 12).size();
    told += told_here ? 1 : 0;
    world.files.Truncate(kLog);
    world.options.max_in_flight = 1 << 20;
    world.Settle();
    const std::uint64_t lost = world.events.lost[LossReason::kTruncated];
    CHECK((lost == more.size() || (lost == 0 && !told_here)));
  }
  CHECK(told > 0);
}

TEST_CASE("a file that is cut while it is compared with its copy has lost nothing") {
  for (int nth = 1; nth < 60; ++nth) {  // before the so many-th call it is cut
    INFO(nth);
    World world("/logs/*.log*");
    world.files.Append(kLog, LinesOf(0, 10));
    world.Settle();
    world.files.Copy(kLog, kCopy);
    world.files.fails = [&, left = nth](std::string_view) mutable {
      if (--left == 0) world.files.Truncate(kLog);
      return 0;
    };
    world.Settle();
    world.files.fails = nullptr;
    world.files.Append(kLog, LinesOf(10, 12));
    world.Settle();
    CHECK(world.broker.CountedPaths() == Numbers(0, 12));
    CHECK(world.events.lost[LossReason::kTruncated] == 0);
  }
}

TEST_CASE("a file that is cut while its backlog is measured has lost nothing that was read") {
  for (int nth = 1; nth < 30; ++nth) {
    INFO(nth);
    World world;
    world.files.Append(kLog, LinesOf(0, 10));
    world.Settle();
    world.options.max_in_flight = 0;
    world.files.fails = [&, left = nth](std::string_view) mutable {
      if (--left == 0) world.files.Truncate(kLog);
      return 0;
    };
    world.Step(Millis{1001});
    world.files.fails = nullptr;
    world.options.max_in_flight = 1 << 20;
    world.Settle();
    CHECK(world.events.lost[LossReason::kTruncated] == 0);
  }
}

TEST_CASE("a copy of a file that was replaced by itself is not its successor's") {
  World world;
  world.files.Append(kLog, LinesOf(0, 10));
  world.Settle();
  world.files.Copy(kLog, "/logs/.new");
  (void)world.files.Rename("/logs/.new", kLog);
  world.files.Copy(kLog, kCopy);
  world.files.Truncate(kLog);
  world.files.Append(kLog, "half");
  world.Step(Millis{78});
  world.Step();
  world.files.Truncate(kLog);
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 10));
}

TEST_CASE("an empty file that was written and deleted before the next look is read") {
  const int code = GENERATE(0, EMFILE);
  World world;
  world.files.Append(kLog, "");
  world.Step(Millis{1001});
  world.files.Append(kLog, LinesOf(0, 5));
  (void)world.files.Remove(kLog);
  world.files.fails = [code](std::string_view call) { return call == "stat" ? code : 0; };
  world.Step(world.options.rotated_wait + Millis{1});
  world.files.fails = nullptr;
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 5));
}
