// Count records: whatever is on the topic is refused or read, and what was read can be added up and
// written again, and then reads the same.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/count_items.h"
#include "aggregator/count_record.h"
#include "aggregator/partition_counts.h"
#include "tests/fuzz/checked_event.h"

namespace routerate {
namespace {

struct Reading {
  AggregatorOptions options;
  SeriesBudget budget{std::numeric_limits<std::size_t>::max()};
  OwnHealth health;

  PartitionCounts Counts() {
    return {options, {std::numeric_limits<std::size_t>::max(), budget, budget}, health};
  }
};

std::vector<std::string> Encode(const PartitionCounts& counts) {
  constexpr std::size_t kPartBytes = 64;
  CountItemWriter items(kPartBytes);
  counts.Tell(items);
  return EncodeParts({}, items.TakeParts());
}

std::size_t SeriesOf(const PartitionCounts& counts) {
  std::size_t series = 0;
  for (const auto& [name, service] : counts.services()) series += service->series().size();
  return series;
}

void CheckCounts(std::string_view bytes) {
  (void)DecodePart(bytes);
  static Reading reading;
  PartitionCounts read = reading.Counts();
  const bool whole = ReadCountItems(bytes, read);
  Promise(whole == AreCountItems(bytes), "what is found well formed is read", bytes);
  if (!whole) return;
  PartitionCounts sum = reading.Counts();
  read.Tell(sum);
  read.Tell(sum);
  PartitionCounts again = reading.Counts();
  for (const std::string& value : Encode(read)) {
    const auto part = DecodePart(value);
    Promise(part.has_value() && ReadCountItems(part->body, again), "what is written is read",
            value);
  }
  sum.Forget(std::numeric_limits<WallMs>::max() / 2);
  Promise(SeriesOf(again) == SeriesOf(read), "no series is lost", bytes);
  Promise(again.marks().size() == read.marks().size(), "no mark is lost", bytes);
}

}  // namespace
}  // namespace routerate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  routerate::CheckCounts({reinterpret_cast<const char*>(data), size});
  return 0;
}
