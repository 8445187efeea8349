// The topic routerate-counts as the logic sees it: Kafka in the program (kafka_counts_log), memory
// in tests. Each input partition has its own order in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace routerate {

class CountsVisitor {
 public:
  virtual ~CountsVisitor() = default;
  // A record's value, whoever appended it, and where it is in the log. Those of one input partition
  // in their order.
  virtual void OnCounts(std::string_view value, std::int64_t offset) = 0;
  // Everything that was there at the start has been brought, or what makes it needless.
  virtual void OnCountsRead() = 0;
  // What this process appended of the partition may not be there.
  virtual void OnAppendFailed(int partition) = 0;
};

// One thread.
class CountsLog {
 public:
  virtual ~CountsLog() = default;
  // Appends behind what was appended before. It is there when OnCounts brings it.
  virtual void Append(int partition, std::string value) = 0;
  // Brings what there is, without waiting, for a bounded time.
  virtual void Poll(CountsVisitor& visitor) = 0;
  // Why nothing is read or written now; empty: all is well.
  virtual std::string Trouble() const = 0;
};

}  // namespace routerate
