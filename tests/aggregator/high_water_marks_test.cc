// Repeats are known by (source, file, offset); memory is bounded.
#include "aggregator/high_water_marks.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

namespace routerate {
namespace {

TEST_CASE("a mark belongs to one file of one source") {
  HighWaterMarks marks;
  marks.At("ns/shop/a", "f1", 1).last_offset = 10;
  marks.At("ns/shop/a", "f2", 1).last_offset = 20;
  marks.At("ns/shop/b", "f1", 1).last_offset = 30;
  CHECK(marks.At("ns/shop/a", "f1", 2).last_offset == 10);
  CHECK(marks.At("ns/shop/a", "f2", 2).last_offset == 20);
  CHECK(marks.At("ns/shop/b", "f1", 2).last_offset == 30);
  CHECK(marks.At("ns/shop/b", "new", 2).last_offset == -1);
}

TEST_CASE("a mark lives a day after its file's last record, by the log's own time") {
  HighWaterMarks marks;
  constexpr WallMs kLife = HighWaterMarks::kLife.count();
  marks.At("s", "old", 1000).last_offset = 5;
  marks.At("s", "new", 2000);
  marks.Expire();
  CHECK(marks.size() == 2);
  marks.Touch(1000 + kLife);
  marks.Expire();
  CHECK(marks.At("s", "old", 1000).last_offset == 5);
  marks.Touch(1001 + kLife);
  marks.Expire();
  CHECK(marks.size() == 1);
}

TEST_CASE("at the limit the files heard of least recently go first") {
  HighWaterMarks marks;
  for (std::size_t i = 0; i < HighWaterMarks::kMost; ++i) {
    marks.At("s", std::to_string(i), static_cast<WallMs>(i)).last_offset = 7;
  }
  CHECK(marks.size() == HighWaterMarks::kMost);
  marks.At("s", "one more", static_cast<WallMs>(HighWaterMarks::kMost));
  CHECK(marks.size() <= HighWaterMarks::kMost / 2 + 1);
  CHECK(marks.At("s", std::to_string(HighWaterMarks::kMost - 1), 0).last_offset == 7);
  CHECK(marks.At("s", "0", 0).last_offset == -1);
}

}  // namespace
}  // namespace routerate
