// A small HTTP/1.1 server for metrics, health and text: GET and HEAD, one response a request,
// keep-alive. Limits: 8 KiB of request header, kMaxConnections connections (more are closed at
// once), 10 s for a request to arrive or a response to be taken.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"

namespace routerate {

struct HttpRequest {
  std::string path;                          // percent-decoded, without the query
  std::map<std::string, std::string> query;  // percent-decoded; of repeated keys the last counts
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// Called on the server's thread, one call at a time. Must not block for long.
using HttpRoute = std::function<HttpResponse(const HttpRequest&)>;

// Whether `listen` reads as an address and a port, without binding it.
Result<void> CheckListen(const std::string& listen);

class HttpServer {
 public:
  static constexpr int kMaxConnections = 256;

  // Binds at once, so that a taken port is an error here: `listen` is "0.0.0.0:9464", "[::]:9464"
  // or "127.0.0.1:0" (any free port, see port()). `routes` maps exact paths; any other path is a
  // 404 that lists them. Serves from a thread of its own until destroyed.
  static Result<std::unique_ptr<HttpServer>> Start(const std::string& listen,
                                                   std::map<std::string, HttpRoute> routes);
  ~HttpServer();
  std::uint16_t port() const;

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace routerate
