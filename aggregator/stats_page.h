// /stats: a question answered in the form that it asks for, once or again and again.
#pragma once

#include <utility>

#include "aggregator/snapshot_streams.h"
#include "aggregator/stats_snapshot.h"
#include "base/http_message.h"

namespace routerate {

// One thread.
class StatsPage {
 public:
  explicit StatsPage(LatestSnapshot latest) : streams_(std::move(latest)) {}

  // With watch= a stream of one snapshot after the other; a query that is not understood is 400.
  HttpResponse Answer(const HttpRequest& request) const;

 private:
  SnapshotStreams streams_;
};

}  // namespace routerate
