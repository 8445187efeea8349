// Bodies that go on, over real sockets on a free port.
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/http_server.h"
#include "tests/raw_connection.h"

using namespace routerate;

namespace {

constexpr Millis kPatience{20'000};
constexpr std::size_t kLarge = 4 << 20;  // more than what the kernel takes for a slow reader

bool Eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

using Piece = std::shared_ptr<const std::string>;

Piece Numbered(std::size_t number) {
  return std::make_shared<const std::string>("piece " + std::to_string(number) + "\n");
}

// What is streamed, and how often a piece was asked for.
class Streams {
 public:
  explicit Streams(HttpLimits limits = {}) {
    const auto stream = [](std::function<Piece()> next) {
      HttpResponse response;
      response.stream = HttpStream{.every = Millis{10}, .next = std::move(next)};
      return response;
    };
    auto server = HttpServer::Listen(
        loop_,
        {.listen = "127.0.0.1:0",
         .route = ByPath(
             {{"/endless",
               [stream](const HttpRequest&) {
                 return stream([number = std::size_t{0}]() mutable { return Numbered(++number); });
               }},
              {"/three",
               [stream](const HttpRequest&) {
                 return stream([number = std::size_t{0}]() mutable {
                   return ++number <= 3 ? Numbered(number) : nullptr;
                 });
               }},
              {"/silent",
               [stream](const HttpRequest&) {
                 return stream([] { return std::make_shared<const std::string>(); });
               }},
              {"/large",
               [this, stream](const HttpRequest&) {
                 return stream([this] {
                   ++large_asked_;
                   return std::make_shared<const std::string>(kLarge, 'x');
                 });
               }},
              {"/once", [](const HttpRequest&) { return HttpResponse{.body = "once\n"}; }}}),
         .limits = limits});
    REQUIRE(server.has_value());
    server_ = std::move(*server);
    thread_.emplace(loop_);
  }
  std::uint16_t port() const { return server_->port(); }
  const HttpServerCounts& counts() const { return server_->counts(); }
  std::size_t large_asked() const { return large_asked_; }

 private:
  std::atomic<std::size_t> large_asked_{0};
  HttpLoop loop_;
  std::unique_ptr<HttpServer> server_;
  std::optional<HttpThread> thread_;
};

std::string Request(const std::string& target, const std::string& rest = " HTTP/1.1\r\n",
                    const std::string& method = "GET") {
  return method + " " + target + rest + "Host: x\r\n\r\n";
}

std::unique_ptr<RawConnection> Ask(const Streams& streams, const std::string& request) {
  auto connection = std::make_unique<RawConnection>(streams.port());
  REQUIRE(connection->Send(request));
  return connection;
}

std::string Answer(const Streams& streams, const std::string& request) {
  return Ask(streams, request)->ReadAll();
}

}  // namespace

TEST_CASE("a stream is chunked, and ends when it has no more to say") {
  const Streams streams;
  const std::string answer = Answer(streams, Request("/three"));
  CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 200 OK") &&
                         Catch::Contains("Transfer-Encoding: chunked\r\n") &&
                         !Catch::Contains("Content-Length"));
  CHECK_THAT(answer, Catch::EndsWith("\r\n\r\n8\r\npiece 1\n\r\n8\r\npiece 2\n\r\n"
                                     "8\r\npiece 3\n\r\n0\r\n\r\n"));
}

TEST_CASE("HTTP/1.0 gets the pieces as they are") {
  const Streams streams;
  const std::string answer = Answer(streams, Request("/three", " HTTP/1.0\r\n"));
  CHECK_THAT(answer,
             !Catch::Contains("chunked") && Catch::EndsWith("\r\n\r\npiece 1\npiece 2\npiece 3\n"));
}

TEST_CASE("HEAD of a stream has its headers, and the connection goes on") {
  const Streams streams;
  const auto connection = Ask(streams, Request("/large", " HTTP/1.1\r\n", "HEAD"));
  CHECK_THAT(connection->ReadUntil("\r\n\r\n"), Catch::Contains("Transfer-Encoding: chunked\r\n"));
  REQUIRE(connection->Send(Request("/once")));
  CHECK_THAT(connection->ReadResponse(),
             Catch::StartsWith("HTTP/1.1 200 OK") && Catch::EndsWith("\r\n\r\nonce\n"));
  CHECK(streams.large_asked() == 0);
}

TEST_CASE("no deadline of a request or an idle connection cuts a stream") {
  constexpr Millis kShort{50};
  const Streams streams({.request = kShort, .idle = kShort, .response = kShort, .piece = kShort});
  const auto connection = Ask(streams, Request("/endless"));
  CHECK_THAT(connection->ReadUntil("piece 30\n"), Catch::EndsWith("piece 29\n\r\n9\r\npiece 30\n"));
}

TEST_CASE("a reader that does not read is asked for nothing more, and holds up nobody") {
  const Streams streams;
  const auto slow = Ask(streams, Request("/large"));
  const auto fast = Ask(streams, Request("/endless"));
  CHECK_THAT(fast->ReadUntil("piece 50\n"), Catch::EndsWith("piece 50\n"));
  CHECK(streams.large_asked() <= 2);  // of fifty
  CHECK(streams.counts().streams == 2);
  CHECK(slow->ReadUntil("\r\n\r\n").starts_with("HTTP/1.1 200 OK"));
  // It reads again, and has the next one.
  const std::size_t before = streams.large_asked();
  for (std::size_t i = 0; i < 2; ++i) CHECK(slow->ReadUntil("x\r\n").size() > kLarge);
  CHECK(Eventually([&] { return streams.large_asked() > before; }));
}

TEST_CASE("a reader that takes nothing for too long is closed") {
  const Streams streams({.piece = Millis{100}});
  const auto stuck = Ask(streams, Request("/large"));
  CHECK(Eventually([&] { return streams.large_asked() > 0 && streams.counts().streams == 0; }));
}

TEST_CASE("a reader that has left ends its stream, though there is nothing to say") {
  const Streams streams;
  auto connection = Ask(streams, Request("/silent"));
  CHECK_THAT(connection->ReadUntil("\r\n\r\n"), Catch::StartsWith("HTTP/1.1 200 OK"));
  CHECK(Eventually([&] { return streams.counts().streams == 1; }));
  connection.reset();
  CHECK(Eventually([&] { return streams.counts().streams == 0; }));
}

TEST_CASE("a request behind a stream's is not answered, and does not end the stream") {
  const Streams streams;
  const auto connection = Ask(streams, Request("/endless"));
  connection->ReadUntil("piece 1\n");
  REQUIRE(connection->Send(Request("/once")));
  CHECK_THAT(connection->ReadUntil("piece 20\n"),
             Catch::EndsWith("piece 20\n") && !Catch::Contains("once"));
}

TEST_CASE("beyond the limit a stream is refused with a line, and nothing else is") {
  const Streams streams({.streams = 2});
  auto first = Ask(streams, Request("/endless"));
  const auto second = Ask(streams, Request("/endless"));
  first->ReadUntil("piece 1\n");
  second->ReadUntil("piece 1\n");
  const std::string refused = Answer(streams, Request("/endless"));
  CHECK_THAT(refused, Catch::StartsWith("HTTP/1.1 503 ") &&
                          Catch::EndsWith("\r\n\r\n2 streams are open, and no more are served at "
                                          "one time\n"));
  CHECK_THAT(Ask(streams, Request("/once"))->ReadResponse(), Catch::EndsWith("once\n"));
  first.reset();
  CHECK(Eventually([&] { return streams.counts().streams == 1; }));
  CHECK_THAT(Ask(streams, Request("/endless"))->ReadUntil("piece 1\n"),
             Catch::StartsWith("HTTP/1.1 200 OK"));
}

TEST_CASE("streams end with the server") {
  std::optional<Streams> streams(std::in_place);
  const auto quiet = Ask(*streams, Request("/silent"));
  const auto slow = Ask(*streams, Request("/large"));
  const auto fast = Ask(*streams, Request("/endless"));
  quiet->ReadUntil("\r\n\r\n");
  slow->ReadUntil("\r\n\r\n");
  fast->ReadUntil("piece 3\n");
  streams.reset();
  CHECK_THAT(fast->ReadAll(), !Catch::Contains("0\r\n\r\n"));  // cut, and seen to be
  CHECK(slow->ReadAll().size() < 2 * kLarge);
  CHECK(quiet->ReadAll().empty());
}
