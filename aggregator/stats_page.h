// /stats: a question answered in the form that it asks for, once or again and again.
#pragma once

#include <functional>
#include <memory>

#include "aggregator/shared_pieces.h"
#include "aggregator/stats_snapshot.h"
#include "base/http_message.h"

namespace routerate {

// One thread.
class StatsPage {
 public:
  using Latest = std::function<std::shared_ptr<const StatsSnapshot>()>;

  explicit StatsPage(Latest latest);

  // With watch= a stream of one snapshot after the other; a query that is not understood is 400.
  HttpResponse Answer(const HttpRequest& request) const;

 private:
  Latest latest_;
  std::shared_ptr<SharedPieces> shown_;
};

}  // namespace routerate
