// Count records: whatever is on the topic is refused or read, and what was read can be added up and
// written again, and then reads the same.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/count_record.h"
#include "tests/fuzz/checked_event.h"

namespace routerate {
namespace {

struct Reading {
  AggregatorOptions options;
  RouteMatcher routes = *RouteMatcher::Create({}, "");
  SeriesBudget budget{std::numeric_limits<std::size_t>::max()};
  EventReader reader;
  OwnHealth health;
  CountingContext context{options, std::numeric_limits<std::size_t>::max(), routes, budget, reader,
                          health};
};

std::size_t SeriesOf(const PartitionCounts& counts) {
  std::size_t series = 0;
  for (const auto& [name, service] : counts.services()) series += service->series().size();
  return series;
}

void CheckCounts(std::string_view bytes) {
  (void)DecodePart(bytes);
  static Reading reading;
  PartitionCounts read(reading.context);
  if (!ReadCounts(bytes, &read)) return;
  PartitionCounts sum(reading.context);
  sum.Merge(read);
  sum.Merge(read);
  sum.Forget(0);
  PartitionCounts again(reading.context);
  constexpr std::size_t kPartBytes = 64;
  for (const std::string& value : EncodeCounts({}, read, kPartBytes)) {
    const auto part = DecodePart(value);
    Promise(part.has_value() && ReadCounts(part->body, &again), "what is written is read", value);
  }
  Promise(SeriesOf(again) == SeriesOf(read), "no series is lost", bytes);
  Promise(again.marks().size() == read.marks().size(), "no mark is lost", bytes);
}

}  // namespace
}  // namespace routerate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  routerate::CheckCounts({reinterpret_cast<const char*>(data), size});
  return 0;
}
