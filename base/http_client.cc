// A coroutine a call: take a connection that was kept or make one, write, read, keep it. A timer
// beside it ends the call at its deadline, whatever the coroutine waits for: a look-up of a name
// cannot be stopped.
#include "base/http_client.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <utility>
#include <vector>

#include "base/http_streams.h"

namespace routerate {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Steady = std::chrono::steady_clock;
using tcp = asio::ip::tcp;

constexpr std::uint32_t kHeaderLimit = 64 << 10;
constexpr std::uint64_t kBodyLimit = 8 << 20;
constexpr std::size_t kMaxKept = 16;
constexpr std::chrono::seconds kKeptFor{
    50};  // servers close what idles for longer, some after 60 s

asio::ssl::context ContextOf(const TlsContext& tls) {
  return tls ? SharedContext(tls) : asio::ssl::context(asio::ssl::context::tls_client);
}

struct Connection {
  Connection(asio::io_context& io, TlsContext used)
      : tls(std::move(used)), borrowed(ContextOf(tls)), stream(io, borrowed) {}

  TlsContext tls;  // nullptr: plain HTTP, by the stream's lowest layer alone
  asio::ssl::context borrowed;
  TlsStream stream;
  beast::flat_buffer buffer;
  Steady::time_point kept_since;
};

// A call on its way, shared by its coroutine and its timer: whoever is first ends it.
struct Pending {
  Pending(asio::io_context& io, HttpCall what, HttpClient::Done then)
      : call(std::move(what)), done(std::move(then)), timer(io) {}

  void Finish(Result<HttpResponse> answer) {
    timer.cancel();
    if (auto then = std::exchange(done, nullptr)) then(std::move(answer));
  }
  bool finished() const { return !done; }

  HttpCall call;
  HttpClient::Done done;
  asio::steady_timer timer;
  Connection* connection = nullptr;  // what the coroutine waits for
};

http::request<http::string_body> Message(const HttpCall& call, const HttpOrigin& origin) {
  http::request<http::string_body> message(http::string_to_verb(call.method), call.target, 11);
  message.set(http::field::host, origin.host.find(':') == std::string::npos
                                     ? origin.host + ":" + origin.port
                                     : "[" + origin.host + "]:" + origin.port);
  for (const HttpHeader& header : call.headers) message.insert(header.name, header.value);
  message.body() = call.body;
  message.prepare_payload();
  return message;
}

// The server must show a certificate for this name or address.
void Expect(const std::string& host, SSL* connection) {
  boost::system::error_code no_address;
  (void)asio::ip::make_address(host, no_address);
  if (!no_address) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host.c_str());
    return;
  }
  SSL_set1_host(connection, host.c_str());
  SSL_set_tlsext_host_name(connection, host.c_str());
}

using ResponseParser = http::response_parser<http::string_body>;

template <typename Stream>
asio::awaitable<beast::error_code> Converse(Stream& stream,
                                            const http::request<http::string_body>& message,
                                            beast::flat_buffer& buffer, ResponseParser& parser) {
  beast::error_code error;
  co_await http::async_write(stream, message, Into(error));
  if (!error) co_await http::async_read(stream, buffer, parser, Into(error));
  co_return error;
}

HttpResponse TakeResponse(http::response<http::string_body>& message) {
  HttpResponse response{.status = static_cast<int>(message.result_int())};
  response.content_type = message[http::field::content_type];
  for (const auto& field : message) {
    response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  response.body = std::move(message.body());
  return response;
}

}  // namespace

struct HttpClient::State {
  asio::io_context& io;
  HttpOrigin origin;
  TlsContext tls;
  std::vector<std::unique_ptr<Connection>> kept = {};  // the newest last
  std::size_t calls = 0;

  std::unique_ptr<Connection> Take() {
    std::erase_if(kept,
                  [](const auto& each) { return Steady::now() - each->kept_since > kKeptFor; });
    if (kept.empty()) return nullptr;
    std::unique_ptr<Connection> newest = std::move(kept.back());
    kept.pop_back();
    return newest;
  }
  void Keep(std::unique_ptr<Connection> connection) {
    if (kept.size() >= kMaxKept || connection->tls != tls) return;
    connection->kept_since = Steady::now();
    kept.push_back(std::move(connection));
  }

  asio::awaitable<Result<void>> Connect(Connection& connection) const;
  asio::awaitable<Result<HttpResponse>> Exchange(std::unique_ptr<Connection> connection,
                                                 Pending& pending);
  asio::awaitable<Result<HttpResponse>> Call(Pending& pending);
  static asio::awaitable<void> Run(std::shared_ptr<State> state, std::shared_ptr<Pending> pending);
};

asio::awaitable<Result<void>> HttpClient::State::Connect(Connection& connection) const {
  const std::string where = origin.host + ":" + origin.port;
  beast::error_code error;
  tcp::resolver resolver(io);
  const auto found = co_await resolver.async_resolve(origin.host, origin.port, Into(error));
  if (error) co_return Fail(fmt::format("look up {}: {}", origin.host, error.message()));
  auto& tcp_layer = beast::get_lowest_layer(connection.stream);
  co_await tcp_layer.async_connect(found, Into(error));
  if (error) co_return Fail(fmt::format("connect to {}: {}", where, error.message()));
  tcp_layer.socket().set_option(tcp::no_delay(true), error);
  if (!connection.tls) co_return Result<void>();
  Expect(origin.host, connection.stream.native_handle());
  co_await connection.stream.async_handshake(asio::ssl::stream_base::client, Into(error));
  if (error) {
    const long verdict = SSL_get_verify_result(connection.stream.native_handle());
    co_return Fail(fmt::format(
        "TLS handshake with {}: {}", where,
        verdict == X509_V_OK ? error.message() : X509_verify_cert_error_string(verdict)));
  }
  co_return Result<void>();
}

// A connection that will do for another exchange is kept.
asio::awaitable<Result<HttpResponse>> HttpClient::State::Exchange(
    std::unique_ptr<Connection> connection, Pending& pending) {
  beast::error_code error;
  const auto message = Message(pending.call, origin);
  ResponseParser parser;
  parser.header_limit(kHeaderLimit);
  parser.body_limit(kBodyLimit);
  if (connection->tls) {
    error = co_await Converse(connection->stream, message, connection->buffer, parser);
  } else {
    error = co_await Converse(beast::get_lowest_layer(connection->stream), message,
                              connection->buffer, parser);
  }
  pending.connection = nullptr;
  if (error) {
    co_return Fail(fmt::format("{}:{}: {}", origin.host, origin.port, error.message()));
  }
  const bool more = parser.keep_alive();
  HttpResponse response = TakeResponse(parser.get());
  if (more) Keep(std::move(connection));
  co_return response;
}

asio::awaitable<Result<HttpResponse>> HttpClient::State::Call(Pending& pending) {
  if (auto known = Take()) {
    pending.connection = known.get();
    auto answer = co_await Exchange(std::move(known), pending);
    if (answer || pending.finished()) co_return answer;
  }
  auto made = std::make_unique<Connection>(io, tls);
  pending.connection = made.get();
  if (auto connected = co_await Connect(*made); !connected) {
    pending.connection = nullptr;
    co_return std::unexpected(std::move(connected.error()));
  }
  co_return co_await Exchange(std::move(made), pending);
}

asio::awaitable<void> HttpClient::State::Run(std::shared_ptr<State> state,
                                             std::shared_ptr<Pending> pending) {
  auto answer = co_await state->Call(*pending);
  --state->calls;
  pending->Finish(std::move(answer));
}

HttpClient::HttpClient(HttpLoop& loop, HttpOrigin origin, TlsContext tls)
    : state_(std::make_shared<State>(loop.io(), std::move(origin), std::move(tls))) {}

HttpClient::~HttpClient() { state_->kept.clear(); }

void HttpClient::Trust(TlsContext tls) {
  state_->tls = std::move(tls);
  state_->kept.clear();
}

const HttpOrigin& HttpClient::origin() const { return state_->origin; }

void HttpClient::Send(HttpCall call, Done done) {
  if (state_->calls >= kMaxCalls) {
    asio::post(state_->io, [done = std::move(done)] {
      done(Fail(fmt::format("{} calls are on their way already", kMaxCalls)));
    });
    return;
  }
  ++state_->calls;
  auto pending = std::make_shared<Pending>(state_->io, std::move(call), std::move(done));
  pending->timer.expires_after(pending->call.deadline);
  pending->timer.async_wait([pending, origin = state_->origin](beast::error_code error) {
    if (error || pending->finished()) return;
    if (pending->connection) beast::get_lowest_layer(pending->connection->stream).close();
    const double seconds = static_cast<double>(pending->call.deadline.count()) / 1000;
    pending->Finish(
        Fail(fmt::format("{}:{}: no answer within {} s", origin.host, origin.port, seconds)));
  });
  asio::co_spawn(state_->io, State::Run(state_, std::move(pending)), asio::detached);
}

Result<HttpOrigin> ParseHttpsOrigin(const std::string& url) {
  constexpr std::string_view kScheme = "https://";
  const auto wrong = Fail(fmt::format("'{}' is not https://HOST[:PORT]", url));
  if (!url.starts_with(kScheme)) return wrong;
  std::string host = url.substr(kScheme.size());
  if (host.ends_with('/')) host.pop_back();
  HttpOrigin origin{.host = host, .port = "443"};
  const std::size_t colon = host.rfind(':');
  if (colon != std::string::npos && host.find(']', colon) == std::string::npos) {
    origin = {.host = host.substr(0, colon), .port = host.substr(colon + 1)};
  }
  if (origin.host.starts_with('[') && origin.host.ends_with(']')) {
    origin.host = origin.host.substr(1, origin.host.size() - 2);
  } else if (origin.host.find(':') != std::string::npos) {
    return wrong;
  }
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool port =
      !origin.port.empty() && origin.port.size() <= 5 && std::ranges::all_of(origin.port, digit);
  if (origin.host.empty() || !port || origin.host.find_first_of("/?#@ ") != std::string::npos) {
    return wrong;
  }
  return origin;
}

}  // namespace routerate
