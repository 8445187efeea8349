// Streams of the newest snapshot as text, which is made once for all that ask the same.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "aggregator/stats_snapshot.h"
#include "base/http_message.h"

namespace routerate {

// Keeps no text itself: those who write it do. One thread.
class SnapshotStreams {
 public:
  using Question = std::map<std::string, std::string>;  // a request's query
  using Make = std::function<std::string(const StatsSnapshot&)>;

  explicit SnapshotStreams(LatestSnapshot latest)
      : latest_(std::move(latest)), shared_(std::make_shared<Shared>()) {}

  std::shared_ptr<const StatsSnapshot> Latest() const { return latest_(); }
  // Each piece is `make` of the newest snapshot, which depends on it and on `question` alone.
  HttpStream Open(Millis every, Question question, Make make) const {
    return {.every = every,
            .next = [latest = latest_, shared = shared_, question = std::move(question),
                     make = std::move(make)] { return shared->Of(latest(), question, make); }};
  }

 private:
  struct Shared {
    std::weak_ptr<const StatsSnapshot> of;
    std::map<Question, std::weak_ptr<const std::string>> pieces;

    std::shared_ptr<const std::string> Of(const std::shared_ptr<const StatsSnapshot>& snapshot,
                                          const Question& question, const Make& make) {
      if (snapshot != of.lock()) pieces.clear();
      of = snapshot;
      auto& kept = pieces[question];
      if (auto piece = kept.lock()) return piece;
      auto piece = std::make_shared<const std::string>(make(*snapshot));
      kept = piece;
      return piece;
    }
  };

  LatestSnapshot latest_;
  std::shared_ptr<Shared> shared_;
};

}  // namespace routerate
