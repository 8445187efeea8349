// The HTTP port: pages behind TLS, a token and limits, as far as they are wanted.
#pragma once

#include <cstdint>
#include <memory>

#include "aggregator/aggregator_options.h"
#include "base/clock.h"
#include "base/file_system.h"
#include "base/http_routes.h"
#include "base/result.h"

namespace routerate {

// Works on a thread of its own until destroyed.
class HttpPort {
 public:
  struct Doors {  // borrowed
    FileSystem& files;
    const Clock& clock;
  };

  // Fails when the certificate or the token is no good, or the port is taken.
  static Result<std::unique_ptr<HttpPort>> Start(const AggregatorOptions& options, Doors doors,
                                                 HttpRoutes pages);
  ~HttpPort();
  std::uint16_t port() const;

 private:
  struct State;
  explicit HttpPort(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace routerate
