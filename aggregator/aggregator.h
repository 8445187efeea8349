// The loop's step: poll records, count them, and up to five times a second publish what is known.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "aggregator/aggregator_options.h"
#include "aggregator/counts_log.h"
#include "aggregator/pace.h"
#include "aggregator/record_intake.h"
#include "aggregator/record_source.h"
#include "aggregator/rule_index.h"
#include "aggregator/stats_board.h"
#include "base/clock.h"

namespace routerate {

// Borrows everything but the routes. One thread.
class Aggregator {
 public:
  Aggregator(const AggregatorOptions& options, RouteMatcher routes, const Clock& clock,
             RecordSource& source, CountsLog& log, StatsBoard& board);

  // Takes up to `timeout` when nothing comes.
  void Step(Millis timeout);

 private:
  void ReadCounts();
  void Publish();
  void TellTrouble(const std::string& trouble);
  void TellRejections();
  void TellOverflow(const StatsSnapshot& snapshot);

  const AggregatorOptions& options_;
  const Clock& clock_;
  RecordSource& source_;
  CountsLog& log_;
  StatsBoard& board_;
  std::shared_ptr<const RuleIndex> rules_;
  RecordIntake intake_;
  // So long at most until what was counted is known, and until what is known is shown. With very
  // many series both take a while, and are done less often.
  // What everybody tells everybody reads, so that is part of what telling costs.
  Pace flushing_{Millis{200}, Millis{1000}};
  Millis reading_{0};  // since the last time
  Pace publishing_{Millis{200}, Millis{1000}};
  bool was_caught_up_ = false;
  bool in_trouble_ = false;
  Millis next_trouble_{0};  // may be told again
  Millis next_rejections_{0};
  std::uint64_t rejections_told_ = 0;
  Millis next_overflow_{0};
  std::uint64_t overflow_told_ = 0;
};

}  // namespace routerate
