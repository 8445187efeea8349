// Sizes learnt from refusals.
#include "agent/record_sizes.h"

#include <catch2/catch.hpp>

using namespace routerate;

namespace {

constexpr Millis kNow{5'000};
constexpr std::string_view kBatch = "1234567\n1234567\n1234567\n1234567\n";  // lines of 8 bytes

}  // namespace

TEST_CASE("as long as nothing was refused a batch is one record, and no line oversize") {
  RecordSizes sizes;
  CHECK(sizes.FirstRecord(kBatch, kNow) == kBatch);
  CHECK_FALSE(sizes.IsOversize(1 << 30, kNow));
}

TEST_CASE("a refused record halves what a record may have, at the ends of lines") {
  RecordSizes sizes;
  sizes.Refused(kBatch.size(), Lines::kSeveral, kNow);
  CHECK(sizes.FirstRecord(kBatch, kNow) == kBatch.substr(0, 16));
  CHECK(sizes.FirstRecord(kBatch.substr(16), kNow) == kBatch.substr(0, 16));
  sizes.Refused(30, Lines::kSeveral, kNow);
  CHECK(sizes.FirstRecord(kBatch, kNow) == kBatch.substr(0, 8));
}

TEST_CASE("one line goes in any case, however little a record may have") {
  RecordSizes sizes;
  sizes.Refused(1, Lines::kSeveral, kNow);
  CHECK(sizes.FirstRecord(kBatch, kNow) == kBatch.substr(0, 8));
  CHECK_FALSE(sizes.IsOversize(8, kNow));
}

TEST_CASE("a refused line says nothing of records of several lines, nor of shorter lines") {
  RecordSizes sizes;
  sizes.Refused(8, Lines::kOne, kNow);
  CHECK(sizes.IsOversize(8, kNow));
  CHECK(sizes.IsOversize(9, kNow));
  CHECK_FALSE(sizes.IsOversize(7, kNow));
  CHECK(sizes.FirstRecord(kBatch, kNow) == kBatch);
  sizes.Refused(20, Lines::kOne, kNow);
  CHECK(sizes.IsOversize(8, kNow));
}

TEST_CASE("after a while without a refusal more is tried, and in the end everything") {
  RecordSizes sizes;
  sizes.Refused(kBatch.size(), Lines::kSeveral, kNow);
  sizes.Refused(8, Lines::kOne, kNow);
  const Millis later = kNow + RecordSizes::kBelief;
  CHECK(sizes.IsOversize(8, later - Millis{1}));
  CHECK(sizes.FirstRecord(kBatch, later) == kBatch);
  CHECK_FALSE(sizes.IsOversize(15, later));
  CHECK(sizes.IsOversize(16, later));
  CHECK_FALSE(sizes.IsOversize(1 << 20, later + 40 * RecordSizes::kBelief));
}

TEST_CASE("of a record's lines only one or several is asked") {
  CHECK(LinesIn("one\n") == Lines::kOne);
  CHECK(LinesIn("one\ntwo\n") == Lines::kSeveral);
}
