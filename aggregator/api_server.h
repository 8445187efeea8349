// The metrics API's server: TLS, who asks, whether they may, and then a handler that answers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "aggregator/aggregator_options.h"
#include "aggregator/api_server_metrics.h"
#include "base/clock.h"
#include "base/file_system.h"
#include "base/http_message.h"
#include "base/result.h"

namespace routerate {

// Answers a request that is allowed: GET or HEAD, its path plain (request_info.h), without the
// headers that named its user. Called on the server's thread, one call at a time; must be quick.
using ApiHandler = std::function<HttpResponse(const HttpRequest&)>;

// Works on a thread of its own until destroyed.
class ApiServer {
 public:
  struct Doors {  // borrowed
    FileSystem& files;
    const Clock& clock;
    ApiServerMetrics& metrics;
  };

  // Fails when the certificate or ca_file is no good, or the port is taken. An API server that does
  // not answer is no failure: until it does, nobody is let in, and the log says why.
  static Result<std::unique_ptr<ApiServer>> Start(const MetricsApiOptions& options, Doors doors,
                                                  ApiHandler handler);
  ~ApiServer();
  std::uint16_t port() const;

 private:
  struct State;
  explicit ApiServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace routerate
