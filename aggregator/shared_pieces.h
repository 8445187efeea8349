// Texts of the newest snapshot, made once for all streams that ask the same.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "aggregator/stats_snapshot.h"

namespace routerate {

// Keeps no text itself: those who write it do. One thread.
class SharedPieces {
 public:
  using Question = std::map<std::string, std::string>;  // a request's query

  // `make` is called with the snapshot unless its text is there.
  template <typename Make>
  std::shared_ptr<const std::string> Of(const std::shared_ptr<const StatsSnapshot>& snapshot,
                                        const Question& question, const Make& make) {
    if (snapshot != of_.lock()) pieces_.clear();
    of_ = snapshot;
    auto& kept = pieces_[question];
    if (auto piece = kept.lock()) return piece;
    auto piece = std::make_shared<const std::string>(make(*snapshot));
    kept = piece;
    return piece;
  }

 private:
  std::weak_ptr<const StatsSnapshot> of_;
  std::map<Question, std::weak_ptr<const std::string>> pieces_;
};

}  // namespace routerate
