// Boost.Beast over Asio, one thread: an acceptor and one Session a connection, each a chain of
// read request → route → write response, with a deadline on every step.
#include "base/http_server.h"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

namespace routerate {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using BeastResponse = http::response<http::string_body>;

constexpr std::chrono::seconds kStepDeadline{10};
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::uint32_t kHeaderLimit = 8 << 10;
constexpr std::uint64_t kBodyLimit = 1 << 10;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// RFC 3986 percent-decoding, '+' as a space in queries; a broken escape stays as it is.
std::string Decode(std::string_view text, char plus) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() && text[i] == '%' ? HexDigit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : HexDigit(text[i + 2]);
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' ? plus : text[i];
    }
  }
  return out;
}

HttpRequest ParseTarget(std::string_view target) {
  HttpRequest request;
  const std::size_t mark = target.find('?');
  request.path = Decode(target.substr(0, mark), '+');
  std::string_view query = mark == std::string_view::npos ? "" : target.substr(mark + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    if (!pair.empty()) request.query[Decode(pair.substr(0, equals), ' ')] = Decode(value, ' ');
  }
  return request;
}

HttpResponse NotFound(const std::map<std::string, HttpRoute>& routes) {
  HttpResponse response{404, "text/plain; charset=utf-8", "not found; here are:"};
  for (const auto& [path, route] : routes) response.body += " " + path;
  response.body += "\n";
  return response;
}

HttpResponse Answer(const std::map<std::string, HttpRoute>& routes,
                    const http::request<http::string_body>& request) {
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    return {405, "text/plain; charset=utf-8", "only GET and HEAD\n"};
  }
  const HttpRequest parsed = ParseTarget({request.target().data(), request.target().size()});
  const auto found = routes.find(parsed.path);
  return found == routes.end() ? NotFound(routes) : found->second(parsed);
}

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

// What the sessions share with the server; outlives them, for they die with the io_context.
struct Shared {
  std::map<std::string, HttpRoute> routes;
  int connections = 0;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {
    ++shared_.connections;
  }
  ~Session() { --shared_.connections; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Read() {
    parser_.emplace();
    parser_->header_limit(kHeaderLimit);
    parser_->body_limit(kBodyLimit);
    stream_.expires_after(kStepDeadline);
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](beast::error_code error, std::size_t) { self->OnRead(error); });
  }

 private:
  void OnRead(beast::error_code error) {
    if (error) return RefuseUnlessGone(error);
    const auto& request = parser_->get();
    Write(Answer(shared_.routes, request), request.version(), request.keep_alive(),
          request.method() == http::verb::head);
  }

  // A request that breaks a limit or the protocol gets an answer; a peer that left or was too slow
  // gets none.
  void RefuseUnlessGone(beast::error_code error) {
    if (error == http::error::header_limit) return Refuse(431, "request header too large\n");
    if (error == http::error::body_limit) return Refuse(413, "request body too large\n");
    const bool malformed = error.category() == make_error_code(http::error::bad_method).category();
    if (malformed && error != http::error::end_of_stream && error != http::error::partial_message) {
      Refuse(400, "malformed request\n");
    }
  }

  void Refuse(int status, std::string why) {
    Write({status, "text/plain; charset=utf-8", std::move(why)}, 11, false, false);
  }

  void Write(HttpResponse answer, unsigned version, bool keep_alive, bool head) {
    response_ = BeastResponse(static_cast<http::status>(answer.status), version);
    response_.set(http::field::content_type, answer.content_type);
    response_.set(http::field::cache_control, "no-store");
    response_.keep_alive(keep_alive);
    const std::size_t size = answer.body.size();
    if (!head) response_.body() = std::move(answer.body);
    response_.content_length(size);
    stream_.expires_after(kStepDeadline);
    http::async_write(stream_, response_,
                      [self = shared_from_this()](beast::error_code error, std::size_t) {
                        self->OnWritten(error);
                      });
  }

  void OnWritten(beast::error_code error) {
    if (error) return;
    if (response_.keep_alive()) return Read();
    stream_.socket().shutdown(tcp::socket::shutdown_send, error);
  }

  beast::tcp_stream stream_;
  Shared& shared_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  BeastResponse response_;
};

}  // namespace

struct HttpServer::State {
  Shared shared;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  asio::steady_timer pause{io};
  std::jthread thread;  // last: it uses the members above

  ~State() {
    io.stop();
    if (thread.joinable()) thread.join();
  }

  Result<void> Bind(const std::string& listen) {
    auto endpoint = ParseListen(listen);
    if (!endpoint) return Fail("listen: " + endpoint.error().message);
    boost::system::error_code error;
    acceptor.open(endpoint->protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(*endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return Fail(fmt::format("listen {}: {}", listen, error.message()), error.value());
    return {};
  }

  void Accept() {
    acceptor.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (!error && shared.connections < kMaxConnections) {
        std::make_shared<Session>(std::move(socket), shared)->Read();
      }
      error ? AcceptLater() : Accept();
    });
  }

  // Out of descriptors, say: trying again at once would spin.
  void AcceptLater() {
    pause.expires_after(kAcceptPause);
    pause.async_wait([this](beast::error_code) { Accept(); });
  }
};

Result<void> CheckListen(const std::string& listen) {
  auto endpoint = ParseListen(listen);
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  return {};
}

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& listen,
                                                      std::map<std::string, HttpRoute> routes) {
  auto state = std::make_unique<State>();
  state->shared.routes = std::move(routes);
  if (auto bound = state->Bind(listen); !bound) return std::unexpected(std::move(bound.error()));
  state->Accept();
  state->thread = std::jthread([state = state.get()] { state->io.run(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const { return state_->acceptor.local_endpoint().port(); }

}  // namespace routerate
