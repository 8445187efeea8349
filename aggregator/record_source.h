// Where records come from: Kafka in the program (kafka_consumer), values in tests.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "parsers/event_record.h"

namespace routerate {

// Views live during the call that brings the record.
struct ConsumedRecord {
  int partition = 0;
  std::int64_t offset = 0;
  WallMs record_ms = -1;  // the record's timestamp; -1: it has none
  HeaderViews headers;
  std::string_view value;
};

class RecordVisitor {
 public:
  virtual ~RecordVisitor() = default;
  // Its records come once RecordSource::ReadFrom was called, from there on.
  virtual void OnAssigned(int partition) = 0;
  virtual void OnRecord(const ConsumedRecord& record) = 0;
  // What was in the partition when reading began has come. At least once after each ReadFrom.
  virtual void OnCaughtUp(int partition) = 0;
  // No more records of it come.
  virtual void OnRevoked(int partition) = 0;
};

struct SourceStatus {
  bool joined = false;  // an assignment has come, if only an empty one
  std::string trouble;  // why nothing comes now; empty: all is well
  // Offsets that were skipped: records that the broker had dropped before they were read.
  std::uint64_t missing = 0;
  std::map<int, std::int64_t> lag;  // records of each assigned partition not yet brought, if known
};

// One thread.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  // The partition's records come from that offset on; -1: from the earliest. Until then none of a
  // partition that was assigned do.
  virtual void ReadFrom(int partition, std::int64_t offset) = 0;
  // Brings what there is, waiting up to `timeout` for the first, for a bounded time.
  virtual void Poll(Millis timeout, RecordVisitor& visitor) = 0;
  virtual SourceStatus Status() const = 0;
};

}  // namespace routerate
