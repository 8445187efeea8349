// Where a start begins to read: what the last records name, or the beginning.
#include "aggregator/counts_start.h"

#include <catch2/catch.hpp>

#include "aggregator/count_record.h"

namespace routerate {
namespace {

// A record of an input partition that names a snapshot.
std::string Naming(int partition, std::int64_t snapshot_at) {
  CountHeader header;
  header.partition = partition;
  header.snapshot_at = snapshot_at;
  return EncodeParts(header, {""}).front();
}

TEST_CASE("a start reads from the snapshot that was named last") {
  CountsStart start;
  start.See(Naming(3, 100));
  start.See(Naming(3, 900));
  CHECK(start.Offset(1) == 900);
}

TEST_CASE("of several input partitions the earliest snapshot counts") {
  CountsStart start;
  start.See(Naming(0, 900));
  CHECK_FALSE(start.Offset(2));  // the other's may lie anywhere
  start.See(Naming(6, 400));
  CHECK(start.Offset(2) == 400);
}

TEST_CASE("without a snapshot, or in a topic of somebody else's, a start reads all") {
  CountsStart start;
  CHECK_FALSE(start.Offset(0));
  start.See("somebody else's");
  CHECK_FALSE(start.Offset(1));
  start.See(Naming(0, 400));
  start.See(Naming(1, -1));
  CHECK_FALSE(start.Offset(2));
}

}  // namespace
}  // namespace routerate
