// The record of the topic routerate-counts, version 2 (docs/counts.md): what the owner of an input
// partition has counted of its records [begin, end). Whoever adds up the records of a partition
// whose ranges join knows what the owner knows; a snapshot is the sum of all before it. A record
// may come in several parts. Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/count_record_error.h"
#include "base/clock.h"

namespace routerate {

enum class CountKind { kDelta, kSnapshot };

struct CountHeader {
  CountKind kind = CountKind::kDelta;
  std::string topic = {};    // of events
  int partition = 0;         // of the input topic
  std::int64_t begin = -1;   // input offset; -1: nothing was known, so from the earliest record on
  std::int64_t end = 0;      // behind the last record counted
  std::uint64_t writer = 0;  // the process, by a number drawn at its start
  std::uint64_t sequence = 0;     // of the writer's records
  WallMs wall_ms = 0;             // when it was written
  std::int64_t snapshot_at = -1;  // where in the counts log the last snapshot begins; -1: unknown
  std::uint64_t part = 0;         // of `parts`, all with one writer and sequence
  std::uint64_t parts = 1;
};

// The values of a record's parts; of each the body is given (count_items.h).
std::vector<std::string> EncodeParts(CountHeader header, const std::vector<std::string>& bodies);

struct CountPart {
  CountHeader header;
  std::string_view body;  // in the value
};
// Its checksum fits.
std::expected<CountPart, CountRecordError> DecodePart(std::string_view value);

}  // namespace routerate
