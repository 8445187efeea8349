// Files are read again every ten seconds, on the thread that answers.
#include "aggregator/http_port.h"

#include <spdlog/spdlog.h>

#include <optional>
#include <utility>

#include "aggregator/access_tokens.h"
#include "aggregator/http_access.h"
#include "aggregator/reload_log.h"
#include "base/http_server.h"
#include "base/tls_certificate.h"

namespace routerate {
namespace {

constexpr Millis kFilesTick{10'000};

// For some hundred open pages that each hold a stream, and those who ask besides.
constexpr HttpLimits kLimits{.connections = 1024, .streams = 512};

}  // namespace

struct HttpPort::State {
  State(HttpPortOptions o, Doors d)
      : options(std::move(o)),
        doors(d),
        certificate_log("http: ", "certificate in " + options.certificate),
        tokens_log("http: ", "token in " + options.token_file) {}

  Result<void> Load();
  Result<void> Start(const std::string& listen, HttpRoutes pages);
  HttpRoute Route(HttpRoutes pages) const;
  void ReloadFiles();

  const HttpPortOptions options;
  Doors doors;
  std::optional<TlsCertificate> certificate;
  std::optional<AccessTokens> tokens;
  ReloadLog certificate_log;
  ReloadLog tokens_log;
  HttpLoop loop;
  std::unique_ptr<HttpServer> server;
  std::optional<HttpThread> thread;  // last: all above is used on it
};

Result<void> HttpPort::State::Load() {
  if (!options.certificate.empty()) {
    auto loaded = TlsCertificate::Load(doors.files, options.certificate, options.key);
    if (!loaded) return Fail("http: " + loaded.error().message);
    certificate = std::move(*loaded);
  }
  if (options.token_file.empty()) return {};
  auto loaded = AccessTokens::Load(doors.files, options.token_file);
  if (!loaded) return Fail("http.token_file: " + loaded.error().message);
  tokens = std::move(*loaded);
  if (!certificate) {
    spdlog::warn(
        "http: without certificate and key the token crosses the network for everybody to read");
  }
  return {};
}

// From the outside in: the token, then the limit, so that a stranger takes nothing from a client
// of the same address.
HttpRoute HttpPort::State::Route(HttpRoutes pages) const {
  HttpRoute route = WithClientLimit(doors.clock, options.client_requests_per_second,
                                    WithUtf8(ByPath(std::move(pages))));
  return tokens ? WithToken(*tokens, std::move(route)) : route;
}

Result<void> HttpPort::State::Start(const std::string& listen, HttpRoutes pages) {
  HttpServerOptions http{.listen = listen, .route = Route(std::move(pages)), .limits = kLimits};
  if (certificate) http.tls = [this] { return certificate->context(); };
  auto listening = HttpServer::Listen(loop, std::move(http));
  if (!listening) return std::unexpected(std::move(listening.error()));
  server = std::move(*listening);
  loop.Every(kFilesTick, [this] { ReloadFiles(); });
  thread.emplace(loop);
  return {};
}

void HttpPort::State::ReloadFiles() {
  if (certificate) certificate_log.Tell(certificate->Reload(doors.files));
  if (tokens) tokens_log.Tell(tokens->Reload(doors.files));
}

Result<std::unique_ptr<HttpPort>> HttpPort::Start(const AggregatorOptions& options, Doors doors,
                                                  HttpRoutes pages) {
  auto state = std::make_unique<State>(options.http, doors);
  if (auto loaded = state->Load(); !loaded) return std::unexpected(std::move(loaded.error()));
  if (auto started = state->Start(options.listen, std::move(pages)); !started) {
    return std::unexpected(std::move(started.error()));
  }
  return std::unique_ptr<HttpPort>(new HttpPort(std::move(state)));
}

HttpPort::HttpPort(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpPort::~HttpPort() = default;
std::uint16_t HttpPort::port() const { return state_->server->port(); }

}  // namespace routerate
