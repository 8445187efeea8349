// Coroutines over Boost.Beast. A deadline is set before each step and holds however many bytes
// trickle in; when it passes, the step fails and the session ends.
#include "base/http_session.h"

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "base/http_stream_body.h"
#include "base/http_streams.h"

namespace routerate {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Steady = std::chrono::steady_clock;
using tcp = asio::ip::tcp;
using RequestParser = http::request_parser<http::string_body>;

constexpr unsigned kHttp11 = 11;
constexpr std::size_t kReadAhead = 64 << 10;  // bytes that are read and not yet parsed, at most
constexpr std::chrono::milliseconds kGoodbye{1000};
constexpr std::size_t kDrained = 256 << 10;  // bytes read and dropped from a peer that was refused

// Waits for the route's answer, which may come at once or from a later turn of the loop.
asio::awaitable<HttpResponse> Answer(HttpShared& shared,
                                     std::shared_ptr<const HttpRequest> request) {
  const auto begin = [&shared, request = std::move(request)](auto handler) mutable {
    auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
    shared.route.Answer(
        std::move(request), [&io = shared.io, waiting](HttpResponse response) mutable {
          RR_CHECK(waiting != nullptr);  // answered once
          asio::post(io, [waiting = std::move(waiting), response = std::move(response)]() mutable {
            std::move (*waiting)(std::move(response));
          });
        });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void(HttpResponse)>(
      std::move(begin), asio::use_awaitable);
}

// What Beast lets pass and RFC 9112 (3.2, 6.1) does not: a proxy in front might have read another
// request. Empty: nothing.
std::string_view AmbiguityOf(const http::request<http::string_body>& message) {
  const auto hosts = message.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && message.version() >= kHttp11))
    return "exactly one Host is needed";
  const auto codings = message.count(http::field::transfer_encoding);
  if (codings == 0) return {};
  const bool plain = codings == 1 && message.version() >= kHttp11 &&
                     SameHeader(message[http::field::transfer_encoding], "chunked") &&
                     message.count(http::field::content_length) == 0;
  return plain ? "" : "a body is chunked and nothing else, or has a Content-Length";
}

std::shared_ptr<HttpRequest> TakeRequest(http::request<http::string_body>& message) {
  auto request = std::make_shared<HttpRequest>();
  request->method = message.method_string();
  ParseTarget({message.target().data(), message.target().size()}, request.get());
  for (const auto& field : message) {
    request->headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  request->body = std::move(message.body());
  return request;
}

http::response<http::string_body> Message(HttpResponse answer, unsigned version) {
  http::response<http::string_body> message(static_cast<http::status>(answer.status), version);
  message.set(http::field::content_type, answer.content_type);
  message.set(http::field::cache_control, "no-store");
  for (const HttpHeader& header : answer.headers) message.insert(header.name, header.value);
  message.body() = std::move(answer.body);
  if (answer.stream) {
    message.chunked(version >= kHttp11);
  } else {
    message.content_length(message.body().size());
  }
  return message;
}

// Counts what is open, also where a coroutine is destroyed before its end.
class Counted {
 public:
  explicit Counted(std::atomic<std::uint64_t>& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::atomic<std::uint64_t>& count_;
};

// Of an error while a request was read: the status that it is answered with; 0 if the peer has left
// or was too slow.
int RefusalOf(beast::error_code error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
  return error.category() == make_error_code(http::error::bad_method).category() ? 400 : 0;
}

std::string_view RefusalText(int status) {
  if (status == 431) return "request line and headers are too large";
  if (status == 413) return "request body is too large";
  return "malformed request";
}

template <typename Stream>
class Session {
 public:
  Session(Stream& stream, HttpShared& shared)
      : stream_(stream), shared_(shared), peer_{beast::get_lowest_layer(stream), {}} {
    place_ = shared_.peers.insert(shared_.peers.end(), &peer_);
    ++shared_.counts.open;
    beast::error_code left;  // then nobody asks
    client_ = peer_.tcp.socket().remote_endpoint(left).address().to_string();
  }
  ~Session() {
    shared_.peers.erase(place_);
    --shared_.counts.open;
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  asio::awaitable<bool> Handshake() {
    beast::error_code error;
    WaitFor(shared_.limits.request);
    co_await stream_.async_handshake(asio::ssl::stream_base::server, Into(error));
    if (error) {
      ++shared_.counts.failed_handshakes;
      co_return false;
    }
    chain_ = PeerChain(stream_.native_handle());
    co_return true;
  }

  asio::awaitable<void> Serve() {
    Millis patience = shared_.limits.request;  // of a new connection; one that is known may idle
    while (co_await FirstBytes(patience) && co_await ServeRequest()) {
      patience = shared_.limits.idle;
    }
  }

 private:
  void WaitFor(Millis deadline) {
    peer_.waiting_since = Steady::now();
    peer_.tcp.expires_after(deadline);
  }

  asio::awaitable<bool> FirstBytes(Millis patience) {
    if (buffer_.size() > 0) co_return true;
    beast::error_code error;
    WaitFor(patience);
    const std::size_t read =
        co_await stream_.async_read_some(buffer_.prepare(buffer_.max_size() / 4), Into(error));
    buffer_.commit(read);
    if (error) co_await SayGoodbye(0);
    co_return !error;
  }

  // Beast takes fields one by one and applies its limit to what is left: here it is for all of
  // them.
  asio::awaitable<void> ReadHeader(RequestParser& parser, beast::error_code& error) {
    std::size_t taken = 0;
    while (!error && !parser.is_header_done()) {
      taken += co_await http::async_read_some(stream_, buffer_, parser, Into(error));
      if (taken > shared_.limits.header_bytes) error = http::error::header_limit;
    }
  }

  // Whether the connection goes on.
  asio::awaitable<bool> ServeRequest() {
    RequestParser parser;
    parser.header_limit(shared_.limits.header_bytes);
    parser.body_limit(shared_.limits.body_bytes);
    beast::error_code error;
    WaitFor(shared_.limits.request);
    co_await ReadHeader(parser, error);
    if (!error) co_await http::async_read(stream_, buffer_, parser, Into(error));
    if (error) {
      co_await Refuse(RefusalOf(error), RefusalText(RefusalOf(error)));
      co_return false;
    }
    if (const std::string_view why = AmbiguityOf(parser.get()); !why.empty()) {
      co_await Refuse(400, why);
      co_return false;
    }
    peer_.waiting_since.reset();
    const unsigned version = parser.get().version();
    const bool keep_alive = parser.keep_alive();
    const bool head = parser.get().method() == http::verb::head;
    auto request = TakeRequest(parser.get());
    request->client = client_;
    request->peer = chain_;
    HttpResponse answer = co_await Answer(shared_, std::move(request));
    if (answer.stream && !head) {
      co_await ServeStream(std::move(answer), version);
      co_return false;
    }
    auto message = Message(std::move(answer), version);
    message.keep_alive(keep_alive);
    if (head) message.body().clear();  // the length stays
    const bool written = head ? co_await WriteHeader(message) : co_await Write(message);
    if (written && keep_alive) co_return true;
    if (written) co_await SayGoodbye(0);
    co_return false;
  }

  asio::awaitable<bool> Write(http::response<http::string_body>& message) {
    beast::error_code error;
    const HttpTaking taking(shared_, peer_, message.body());
    WaitFor(shared_.limits.response);
    co_await http::async_write(stream_, message, Into(error));
    co_return !error;
  }

  asio::awaitable<bool> WriteHeader(http::response<http::string_body>& message) {
    beast::error_code error;
    http::response_serializer<http::string_body> serializer(message);
    WaitFor(shared_.limits.response);
    co_await http::async_write_header(stream_, serializer, Into(error));
    co_return !error;
  }

  // The connection ends with the stream.
  asio::awaitable<void> ServeStream(HttpResponse answer, unsigned version) {
    const HttpStream body = *answer.stream;
    if (shared_.counts.streams >= shared_.limits.streams) {
      const std::string why = std::to_string(shared_.limits.streams) +
                              " streams are open, and no more are served at one time";
      co_return co_await Refuse(503, why);
    }
    const Counted open(shared_.counts.streams);
    auto message = Message(std::move(answer), version);
    message.keep_alive(false);
    const Framing framing = message.chunked() ? Framing::kChunked : Framing::kUntilClosed;
    if (!co_await WriteHeader(message)) co_return;
    HttpStreamBody<Stream> writer(stream_, shared_, peer_, body, framing);
    if (co_await writer.Write()) co_await SayGoodbye(0);
  }

  asio::awaitable<void> Refuse(int status, std::string_view why) {
    if (status == 0) co_return;
    ++shared_.counts.refused_requests;
    auto message = Message(shared_.refuse(status, why), kHttp11);
    message.keep_alive(false);
    if (co_await Write(message)) co_await SayGoodbye(kDrained);
  }

  // What the peer still sends is read for a moment: a connection that is closed with bytes unread
  // is reset, and the peer may lose the response.
  asio::awaitable<void> SayGoodbye(std::size_t drained) {
    beast::error_code error;
    WaitFor(kGoodbye);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      if (drained == 0) co_await stream_.async_shutdown(Into(error));
    }
    peer_.tcp.socket().shutdown(tcp::socket::shutdown_send, error);
    buffer_.clear();
    for (std::size_t all = 0; all < drained && !error;) {
      all +=
          co_await peer_.tcp.async_read_some(buffer_.prepare(buffer_.max_size() / 4), Into(error));
    }
  }

  Stream& stream_;
  HttpShared& shared_;
  HttpPeer peer_;
  std::list<HttpPeer*>::iterator place_;
  beast::flat_buffer buffer_{kReadAhead};
  std::string client_;
  std::shared_ptr<const CertificateChain> chain_;
};

}  // namespace

template <typename Fits>
HttpPeer* HttpShared::LongestWaiting(Fits fits) const {
  HttpPeer* longest = nullptr;
  for (HttpPeer* peer : peers) {
    if (!peer->waiting_since || !fits(*peer)) continue;
    if (longest == nullptr || *peer->waiting_since < *longest->waiting_since) longest = peer;
  }
  return longest;
}

void HttpShared::Evict(HttpPeer* peer) {
  peer->waiting_since.reset();  // chosen once
  peer->tcp.close();
  ++counts.evicted;
}

bool HttpShared::MakeRoom() {
  if (peers.size() < limits.connections) return true;
  HttpPeer* longest = LongestWaiting([](const HttpPeer&) { return true; });
  if (longest != nullptr) {
    Evict(longest);
  } else {
    ++counts.turned_away;
  }
  return longest != nullptr;
}

void HttpShared::BeginTaking(HttpPeer* peer, const std::string& bytes) {
  peer->taking = &bytes;
  if (unsent[&bytes]++ == 0) unsent_bytes += bytes.size();
  while (unsent_bytes > limits.unsent_bytes) {
    HttpPeer* longest = LongestWaiting(
        [&](const HttpPeer& other) { return other.taking != nullptr && other.taking != &bytes; });
    if (longest == nullptr) return;  // a single one has room, whatever its size
    EndTaking(longest);
    Evict(longest);
  }
}

void HttpShared::EndTaking(HttpPeer* peer) {
  const auto taken = unsent.find(std::exchange(peer->taking, nullptr));
  if (taken == unsent.end() || --taken->second > 0) return;  // given up by Evict, or not the last
  unsent_bytes -= taken->first->size();
  unsent.erase(taken);
}

asio::awaitable<void> ServePlain(tcp::socket socket, std::shared_ptr<HttpShared> shared) {
  beast::tcp_stream stream(std::move(socket));
  Session<beast::tcp_stream> session(stream, *shared);
  co_await session.Serve();
}

asio::awaitable<void> ServeTls(tcp::socket socket, TlsContext context,
                               std::shared_ptr<HttpShared> shared) {
  asio::ssl::context borrowed = SharedContext(context);
  TlsStream stream(beast::tcp_stream(std::move(socket)), borrowed);
  Session<TlsStream> session(stream, *shared);
  if (co_await session.Handshake()) co_await session.Serve();
}

}  // namespace routerate
