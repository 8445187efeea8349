// The acceptor: a session a connection (http_session.h), as many as there is room for.
#include "base/http_server.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <utility>

#include "base/http_session.h"

namespace routerate {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

constexpr std::chrono::milliseconds kAcceptPause{100};

Result<tcp::endpoint> ParseListen(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host.empty() ? "0.0.0.0" : host, error);
  std::uint16_t port = 0;
  const char* end = listen.data() + listen.size();
  const auto parsed = colon == std::string::npos
                          ? std::from_chars_result{listen.data(), std::errc::invalid_argument}
                          : std::from_chars(listen.data() + colon + 1, end, port);
  if (error || parsed.ec != std::errc{} || parsed.ptr != end) {
    return Fail(fmt::format("'{}' is not ADDRESS:PORT such as 0.0.0.0:9464", listen));
  }
  return tcp::endpoint(address, port);
}

HttpResponse RefuseInText(int status, std::string_view why) {
  return {.status = status, .body = std::string(why) + "\n"};
}

}  // namespace

struct HttpServer::State : HttpShared {
  State(HttpLoop& loop, HttpServerOptions options)
      : HttpShared{.io = loop.io(),
                   .route = std::move(options.route),
                   .refuse = options.refuse ? std::move(options.refuse) : RefuseInText,
                   .limits = options.limits},
        tls(std::move(options.tls)),
        acceptor(loop.io()) {}

  Result<void> Bind(const std::string& listen) {
    auto endpoint = ParseListen(listen);
    if (!endpoint) return Fail("listen: " + endpoint.error().message);
    boost::system::error_code error;
    acceptor.open(endpoint->protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(*endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use) {
      return Fail(fmt::format("listen {}: {}; end the program that has it, or say another address",
                              listen, error.message()),
                  error.value());
    }
    if (error) return Fail(fmt::format("listen {}: {}", listen, error.message()), error.value());
    return {};
  }

  static asio::awaitable<void> Accept(std::shared_ptr<State> state) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (;;) {
      boost::system::error_code error;
      tcp::socket socket =
          co_await state->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (!error) {
        Begin(state, std::move(socket));
        continue;
      }
      // Out of descriptors, say: trying again at once would spin.
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }

  static void Begin(const std::shared_ptr<State>& state, tcp::socket socket) {
    ++state->counts.accepted;
    if (!state->MakeRoom()) return;
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto executor = state->acceptor.get_executor();
    asio::co_spawn(executor,
                   state->tls ? ServeTls(std::move(socket), state->tls(), state)
                              : ServePlain(std::move(socket), state),
                   asio::detached);
  }

  std::function<TlsContext()> tls;
  tcp::acceptor acceptor;
};

Result<void> CheckListen(const std::string& listen) {
  auto endpoint = ParseListen(listen);
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  return {};
}

Result<std::unique_ptr<HttpServer>> HttpServer::Listen(HttpLoop& loop, HttpServerOptions options) {
  const std::string listen = options.listen;
  auto state = std::make_shared<State>(loop, std::move(options));
  if (auto bound = state->Bind(listen); !bound) return std::unexpected(std::move(bound.error()));
  asio::co_spawn(loop.io(), State::Accept(state), asio::detached);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

HttpServer::HttpServer(std::shared_ptr<State> state) : state_(std::move(state)) {}
HttpServer::~HttpServer() {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
}
std::uint16_t HttpServer::port() const {
  boost::system::error_code ignored;
  return state_->acceptor.local_endpoint(ignored).port();
}
const HttpServerCounts& HttpServer::counts() const { return state_->counts; }

}  // namespace routerate
