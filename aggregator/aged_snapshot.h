// A snapshot at a later moment than it was made: when the loop stands still, because the process
// was stopped or the machine slept, what it once knew must not be shown as known (DESIGN G3).
#pragma once

#include <memory>

#include "aggregator/stats_board.h"
#include "aggregator/stats_snapshot.h"
#include "base/clock.h"

namespace routerate {

// The snapshot itself while it is at most two seconds old; else a copy with the age of its data as
// of now, and without rates where that is over `stale_after`. Totals stay. Any thread.
std::shared_ptr<const StatsSnapshot> AgedSnapshot(std::shared_ptr<const StatsSnapshot> snapshot,
                                                  const Clock& clock, Millis stale_after);

// The board's newest snapshot as of now. A copy with very many series takes a while, so one is
// shown for half a second. Borrows board and clock. One thread.
class AgingBoard {
 public:
  AgingBoard(const StatsBoard& board, const Clock& clock, Millis stale_after)
      : board_(board), clock_(clock), stale_after_(stale_after) {}

  std::shared_ptr<const StatsSnapshot> Latest();

 private:
  const StatsBoard& board_;
  const Clock& clock_;
  Millis stale_after_;
  std::shared_ptr<const StatsSnapshot> newest_;  // what shown_ was made of
  std::shared_ptr<const StatsSnapshot> shown_;
  Millis shown_at_{0};
};

}  // namespace routerate
