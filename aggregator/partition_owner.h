// The owner's work on an input partition: records counted into a delta, which is appended to the
// counts log and known when it is read back from there.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "aggregator/count_record.h"
#include "aggregator/counts_log.h"
#include "aggregator/partition_delta.h"
#include "aggregator/partition_state.h"
#include "aggregator/record_source.h"

namespace routerate {

// Not thread-safe.
class PartitionOwner {
 public:
  // Borrows `state`, which outlives it.
  PartitionOwner(const CountingContext& counting, const PartitionState& state)
      : counting_(counting), state_(state) {}

  // From here on the partition's records come from offset state.end(), or from the earliest.
  void Begin();
  bool reading() const { return reading_; }
  // Everything that was in the log when reading began has been counted; it is known a little later.
  void MarkCaughtUp() { caught_up_at_ = next_; }
  bool caught_up() const { return caught_up_at_ && state_.end() >= *caught_up_at_; }

  // Returns why a record was not taken (own_health.h).
  std::optional<std::size_t> Count(const RecordHeaders& headers, const ConsumedRecord& record,
                                   WallMs now);
  // What nobody understands is behind us, too.
  void Skip(const ConsumedRecord& record) { next_ = record.offset + 1; }

  // Appends what was counted since, unless the last delta is still on its way; and now and then a
  // snapshot of all.
  void Flush(CountHeader header, CountsLog& log);

  // What became of a record, of this writer or another. False: somebody else counts this partition,
  // or what was appended did not arrive: begin again.
  [[nodiscard]] bool Added(const CountHeader& header, PartitionState::Verdict verdict,
                           std::uint64_t writer);

 private:
  struct Pending {
    std::uint64_t sequence;
    std::int64_t end;
  };

  bool WantsSnapshot(WallMs now) const;
  void AppendSnapshot(CountHeader header, CountsLog& log);

  CountingContext counting_;
  const PartitionState& state_;
  bool reading_ = false;
  std::optional<std::int64_t> caught_up_at_;  // input offset
  std::int64_t begin_ = -1;                   // of `delta_`, in input offsets; -1: nothing is known
  std::int64_t next_ = -1;
  std::optional<PartitionDelta> delta_;
  std::optional<Pending> pending_;
  bool snapshot_on_its_way_ = false;
  std::optional<WallMs> told_ms_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace routerate
