// Hands the newest snapshot from the thread that counts to those that show.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "aggregator/stats_snapshot.h"

namespace routerate {

// Any thread.
class StatsBoard {
 public:
  void Publish(std::shared_ptr<const StatsSnapshot> snapshot) {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
  }
  // Never null: before the first it is an empty one.
  std::shared_ptr<const StatsSnapshot> Latest() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const StatsSnapshot> snapshot_ =
      std::make_shared<const StatsSnapshot>();  // Guarded by mutex_.
};

}  // namespace routerate
