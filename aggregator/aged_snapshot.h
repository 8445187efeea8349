// A snapshot at a later moment than it was made: when the loop stands still, because the process
// was stopped or the machine slept, what it once knew must not be shown as known (DESIGN G3).
#pragma once

#include <memory>

#include "aggregator/stats_snapshot.h"
#include "base/clock.h"

namespace routerate {

// The snapshot itself while it is at most two seconds old; else a copy with the age of its data as
// of now, and without rates where that is over `stale_after`. Totals stay. Any thread.
std::shared_ptr<const StatsSnapshot> AgedSnapshot(std::shared_ptr<const StatsSnapshot> snapshot,
                                                  const Clock& clock, Millis stale_after);

}  // namespace routerate
