// The aggregator's pages: / /stats /metrics /healthz /readyz.
#pragma once

#include <map>
#include <string>

#include "aggregator/aggregator_options.h"
#include "aggregator/stats_board.h"
#include "base/clock.h"
#include "base/http_server.h"

namespace routerate {

// By path, for HttpServer::Start. They borrow all arguments. Any thread.
std::map<std::string, HttpRoute> HttpViews(const AggregatorOptions& options,
                                           const StatsBoard& board, const Clock& clock);

}  // namespace routerate
