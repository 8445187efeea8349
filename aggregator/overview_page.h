// /overview: the newest snapshot as one object, or as server-sent events, one a second.
#pragma once

#include <utility>

#include "aggregator/snapshot_streams.h"
#include "aggregator/stats_snapshot.h"
#include "base/http_message.h"

namespace routerate {

// One thread.
class OverviewPage {
 public:
  explicit OverviewPage(LatestSnapshot latest) : streams_(std::move(latest)) {}

  // Whoever accepts text/event-stream, as a browser's EventSource does, gets a stream of messages
  // (HTML Standard, 9.2). A query that is not understood is 400.
  HttpResponse Answer(const HttpRequest& request) const;

 private:
  SnapshotStreams streams_;
};

}  // namespace routerate
