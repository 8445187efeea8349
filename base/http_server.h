// An HTTP/1.1 server over TCP or TLS: keep-alive, one answer a request, which may be a stream, a
// limit and a deadline on every step.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/http_loop.h"
#include "base/http_routes.h"
#include "base/result.h"
#include "base/tls_context.h"

namespace routerate {

// What a peer may take. Who goes beyond is answered with 431, 413 or 400 if it can be, and closed.
struct HttpLimits {
  std::uint32_t header_bytes = 16 << 10;  // request line and headers together
  std::uint64_t body_bytes = 1 << 10;
  // At the limit the connection that has kept us waiting for longest makes room for the new one:
  // so slow peers, and those who only hold connections, starve nobody.
  std::size_t connections = 256;
  Millis request{10'000};  // for a TLS handshake, and for a request from its first byte to its last
  Millis idle{120'000};    // between two requests
  Millis response{10'000};  // to take a response
  // Of bodies and pieces on their way, each counted once however many peers take it. Beyond that
  // the peer that has been taking one for longest is closed, and the next, until what comes has
  // room.
  std::size_t unsent_bytes = 256 << 20;
  std::size_t streams = 32;  // open at one time; a further one is answered with 503
  Millis piece{60'000};      // to take a piece of a stream
};

// What became of connections, counted. Any thread may read.
struct HttpServerCounts {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> open{0};
  std::atomic<std::uint64_t> evicted{0};            // made room for a newer one, or for bytes
  std::atomic<std::uint64_t> turned_away{0};        // nobody could make room
  std::atomic<std::uint64_t> failed_handshakes{0};  // wrong protocol or version, garbage, too slow
  std::atomic<std::uint64_t> refused_requests{0};   // broken, or over a limit
  std::atomic<std::uint64_t> streams{0};            // open
};

struct HttpServerOptions {
  std::string listen;  // "0.0.0.0:9464", "[::]:9464" or "127.0.0.1:0" (any free port, see port())
  HttpRoute route;     // answers everything
  // The context of the next connection; called on the loop's thread. Empty: plain TCP.
  std::function<TlsContext()> tls = {};
  // How a request that breaks a limit or the protocol is told. Empty: as plain text.
  std::function<HttpResponse(int status, std::string_view why)> refuse = {};
  HttpLimits limits = {};
};

// Whether `listen` reads as an address and a port, without binding it.
Result<void> CheckListen(const std::string& listen);

class HttpServer {
 public:
  // Binds at once, so that a taken port is an error here; connections wait until the loop runs.
  // Borrows the loop, which must not run any more when the server is destroyed.
  static Result<std::unique_ptr<HttpServer>> Listen(HttpLoop& loop, HttpServerOptions options);
  ~HttpServer();
  std::uint16_t port() const;
  const HttpServerCounts& counts() const;

 private:
  struct State;
  explicit HttpServer(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;  // shared with the sessions, which end with the loop
};

}  // namespace routerate
