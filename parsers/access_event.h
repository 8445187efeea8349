// AccessEvent: one request as an access log tells it, whatever the log's format. It is the value
// at the joint between the log formats and everything behind them.
#pragma once

#include <cstdint>
#include <string_view>

namespace routerate {

// Views point into the line that was parsed or into its parser's scratch space: they live until the
// parser's next Parse or until the line's bytes go, whichever comes first. Every view is valid
// UTF-8. An absent field is empty, or the value said beside it.
struct AccessEvent {
  std::int64_t ts_ms = 0;         // when the request ended, milliseconds since 1970 UTC
  std::string_view method;        // as sent; empty when the log has none
  std::string_view host;          // Host as the server understood it
  std::string_view path;          // request target without its query, percent-encoding kept
  std::string_view query;         // without its leading '?'
  int status = 0;                 // 100..999; 0: absent
  std::int64_t bytes = -1;        // response body bytes; -1: absent
  std::int64_t duration_us = -1;  // time to serve, microseconds; -1: absent
  std::string_view client;        // address of the peer
  std::string_view referer;
  std::string_view agent;  // User-Agent
  std::string_view user;   // authenticated user
};

}  // namespace routerate
