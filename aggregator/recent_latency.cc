// A short sorted vector of slots; most events belong to its last.
#include "aggregator/recent_latency.h"

#include <algorithm>

namespace routerate {
namespace {

// Rounded down, before 1970 too.
std::int64_t SlotOf(std::int64_t second) {
  const std::int64_t slot = second / RecentLatency::kSlotSeconds;
  return second % RecentLatency::kSlotSeconds < 0 ? slot - 1 : slot;
}

}  // namespace

void RecentLatency::Add(std::int64_t second, std::int64_t micros) {
  if (LatencySketch* sketch = At(SlotOf(second))) sketch->Add(micros);
}

LatencySketch* RecentLatency::At(std::int64_t number) {
  if (!slots_.empty() && number <= slots_.back().number - kSlotsKept) return nullptr;
  auto at = std::ranges::lower_bound(slots_, number, {}, &Slot::number);
  if (at == slots_.end() || at->number != number) {
    at = slots_.insert(at, {number, {}});
    const std::int64_t oldest = slots_.back().number - kSlotsKept + 1;
    const auto kept = std::ranges::lower_bound(slots_, oldest, {}, &Slot::number);
    at = slots_.erase(slots_.begin(), kept) + (at - kept);
  }
  return &at->sketch;
}

void RecentLatency::Merge(const RecentLatency& other) {
  for (const Slot& slot : other.slots_) {
    if (LatencySketch* sketch = At(slot.number)) sketch->Merge(slot.sketch);
  }
}

void RecentLatency::Write(ByteWriter out) const {
  out.Unsigned(slots_.size());
  for (const Slot& slot : slots_) {
    out.Signed(slot.number);
    slot.sketch.Write(out);
  }
}

void RecentLatency::Read(ByteReader& in) {
  slots_.clear();
  for (std::uint64_t left = in.Count(); left > 0; --left) {
    slots_.push_back({in.Near(0), {}});
    slots_.back().sketch.Read(in);
  }
}

void RecentLatency::MergeInto(std::int64_t end, LatencySketch* out) const {
  const std::int64_t last = SlotOf(end - 1);
  for (const Slot& slot : slots_) {
    if (slot.number > last - kSlots && slot.number <= last) out->Merge(slot.sketch);
  }
}

}  // namespace routerate
