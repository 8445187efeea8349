// /overview: the newest snapshot as one object, or as server-sent events, one a second.
#pragma once

#include <functional>
#include <memory>

#include "aggregator/shared_pieces.h"
#include "aggregator/stats_snapshot.h"
#include "base/http_message.h"

namespace routerate {

// One thread.
class OverviewPage {
 public:
  using Latest = std::function<std::shared_ptr<const StatsSnapshot>()>;

  explicit OverviewPage(Latest latest);

  // Whoever accepts text/event-stream, as a browser's EventSource does, gets a stream of messages
  // (HTML Standard, 9.2). A query that is not understood is 400.
  HttpResponse Answer(const HttpRequest& request) const;

 private:
  Latest latest_;
  std::shared_ptr<SharedPieces> shown_;
};

}  // namespace routerate
