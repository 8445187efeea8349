// The HTTP server over real sockets on a free port.
#include "base/http_server.h"

#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "tests/raw_connection.h"

using namespace routerate;

namespace {

// Answers with what was asked for.
HttpResponse Echo(const HttpRequest& request) {
  HttpResponse response;
  for (const auto& [key, value] : request.query) response.body += key + "=" + value + ";";
  for (const auto& value : request.Values("x-echo")) response.body += std::string(value) + ",";
  response.body += request.body;
  return response;
}

std::string TenMegabytes() { return std::string(5'000'000, 'x') + std::string(5'000'000, 'x'); }

class Served {
 public:
  explicit Served(HttpLimits limits = {}) {
    auto server = HttpServer::Listen(
        loop_,
        {.listen = "127.0.0.1:0",
         .route = ByPath(
             {{"/echo", Echo},
              {"/", [](const HttpRequest&) { return HttpResponse{.body = "index"}; }},
              {"/large", [](const HttpRequest&) { return HttpResponse{.body = TenMegabytes()}; }},
              {"/below/", [](const HttpRequest& r) { return HttpResponse{.body = r.path}; }},
              {"/later",
               [this](const std::shared_ptr<const HttpRequest>&, HttpDone done) {
                 waiting_ = std::move(done);
                 loop_.Post([this] { waiting_({.body = "at last"}); });
               }},
              {"/never", [](const std::shared_ptr<const HttpRequest>&, const HttpDone&) {}}}),
         .limits = limits});
    REQUIRE(server.has_value());
    server_ = std::move(*server);
    thread_.emplace(loop_);
  }
  std::uint16_t port() const { return server_->port(); }
  const HttpServerCounts& counts() const { return server_->counts(); }

 private:
  HttpLoop loop_;
  HttpDone waiting_;
  std::unique_ptr<HttpServer> server_;
  std::optional<HttpThread> thread_;
};

std::string Repeated(const std::string& text, int times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

// Sends raw bytes, returns everything until the server closes.
std::string Exchange(std::uint16_t port, const std::string& request) {
  RawConnection connection(port);
  (void)connection.Send(request);  // the server may close before it has it all
  return connection.ReadAll();
}

std::string Get(std::uint16_t port, const std::string& target) {
  return Exchange(port, "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
}

}  // namespace

TEST_CASE("paths and queries are percent-decoded") {
  const Served served;
  const std::string answer = Get(served.port(), "/%65cho?a=1%202&b=x+y&c&d=%zz");
  CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 200 OK"));
  CHECK_THAT(answer, Catch::EndsWith("a=1 2;b=x y;c=;d=%zz;"));
}

TEST_CASE("a header that comes twice has both values, in any case of its name") {
  const Served served;
  CHECK_THAT(Exchange(served.port(),
                      "GET /echo HTTP/1.1\r\nX-Echo: a\r\nHost: x\r\nx-eCHO: b\r\n"
                      "Connection: close\r\n\r\n"),
             Catch::EndsWith("\r\n\r\na,b,"));
}

TEST_CASE("an unknown path lists what is there") {
  const Served served;
  for (const std::string path : {"/other", "/below", "/echo/", "/echo/x"}) {
    const std::string answer = Get(served.port(), path);
    CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 404"));
    CHECK_THAT(answer,
               Catch::EndsWith("not found; here are: / /below/ /echo /large /later /never\n"));
  }
}

TEST_CASE("a path that ends in a slash answers for all below it") {
  const Served served;
  for (const std::string path : {"/below/", "/below/a", "/below/a/b/", "/below//"}) {
    CHECK_THAT(Get(served.port(), path), Catch::EndsWith("\r\n\r\n" + path));
  }
  CHECK_THAT(Get(served.port(), "/"), Catch::EndsWith("\r\n\r\nindex"));
}

TEST_CASE("an answer may come later") {
  const Served served;
  CHECK_THAT(Get(served.port(), "/later"), Catch::EndsWith("\r\n\r\nat last"));
}

TEST_CASE("a request that nobody will answer ends its connection") {
  const Served served;
  CHECK(Get(served.port(), "/never").empty());
  CHECK_THAT(Get(served.port(), "/echo?a=b"), Catch::EndsWith("a=b;"));
}

TEST_CASE("a connection serves several requests") {
  const Served served;
  const std::string answer =
      Exchange(served.port(),
               "GET /echo?n=1 HTTP/1.1\r\nHost: x\r\n\r\n"
               "GET /echo?n=2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK_THAT(answer, Catch::Contains("n=1;") && Catch::EndsWith("n=2;"));
}

TEST_CASE("what is not a plain GET is refused") {
  struct Case {
    std::string request;
    std::string status;
  };
  const std::string end = "\r\nHost: x\r\nConnection: close\r\n";
  const auto& [request, status] = GENERATE_COPY(
      Case{"POST /echo HTTP/1.1" + end + "Content-Length: 0\r\n\r\n", "405"},
      Case{"NONSENSE\r\n\r\n", "400"}, Case{std::string(100, '\0'), "400"},
      Case{"GET /echo HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", "431"},
      Case{"GET /echo HTTP/1.1\r\n" + Repeated("X: y\r\n", 5'000) + "\r\n", "431"},
      Case{"GET /" + TenMegabytes() + " HTTP/1.1\r\n\r\n", "431"},
      Case{"GET /echo HTTP/1.1" + end + "Content-Length: 2000\r\n\r\n" + std::string(2000, 'x'),
           "413"});
  const Served served;
  const std::string answer = Exchange(served.port(), request);
  CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 " + status));
  CHECK_THAT(answer, Catch::Contains("Content-Type: text/plain"));
}

TEST_CASE("a request that a proxy might read in another way is refused") {
  const std::string chunk = "5\r\nhello\r\n0\r\n\r\n";
  const auto request = GENERATE_COPY(
      std::string("GET /echo HTTP/1.1\r\n\r\n"), "GET /echo HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
      "GET /echo HTTP/1.0\r\nHost: x\r\nhost: y\r\n\r\n",
      "GET /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" +
          chunk,
      "GET /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" +
          chunk,
      "GET /echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk,
      "GET /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
      "GET /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + chunk);
  const Served served;
  INFO(request);
  const std::string answer = Exchange(served.port(), request);
  CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 400"));
  CHECK(answer.find("HTTP/1.1", 1) == std::string::npos);  // and the connection is closed
}

TEST_CASE("an absolute URI asks for what is behind its host") {
  const Served served;
  for (const std::string target :
       {"http://a.example/echo?a=b", "HTTPS://a.example:1/echo?a=b", "http:///echo?a=b"}) {
    CHECK_THAT(Get(served.port(), target), Catch::EndsWith("a=b;"));
  }
  for (const std::string target : {"http://a.example", "http://a.example?a=b", "http://"}) {
    CHECK_THAT(Get(served.port(), target), Catch::EndsWith("index"));
  }
}

TEST_CASE("answers that are not read are dropped for those that are, the oldest first") {
  const Served served({.unsent_bytes = 15'000'000});
  const std::string request = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";
  RawConnection first(served.port());
  REQUIRE(first.Send(request));
  REQUIRE(first.Answered(Millis{20'000}));
  RawConnection second(served.port());
  REQUIRE(second.Send(request));
  REQUIRE(second.Answered(Millis{20'000}));
  CHECK(served.counts().evicted == 1);
  CHECK(first.ReadAll().size() < 10'000'000);
  CHECK(second.ReadResponse().size() > 10'000'000);
  CHECK_THAT(Get(served.port(), "/echo?a=b"), Catch::EndsWith("a=b;"));
  for (int i = 0; i < 3; ++i) CHECK(Get(served.port(), "/large").size() > 10'000'000);
  CHECK(served.counts().evicted == 1);
}

TEST_CASE("HEAD has the length and no body") {
  const Served served;
  const std::string answer =
      Exchange(served.port(), "HEAD /echo?a=b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK_THAT(answer, Catch::Contains("Content-Length: 4\r\n") && Catch::EndsWith("\r\n\r\n"));
}

TEST_CASE("a request that trickles in is closed at its deadline") {
  const Served served({.request = Millis{200}});
  RawConnection slow(served.port());
  REQUIRE(slow.Send("GET /echo HTTP/1.1\r\nX: "));
  while (!slow.Answered(Millis{10})) REQUIRE(slow.Send("x"));  // no deadline moves for it
  CHECK(slow.ReadAll().empty());
}

TEST_CASE("connections that say nothing are closed, those that have asked may idle") {
  const Served served({.request = Millis{200}, .idle = Millis{60'000}});
  RawConnection known(served.port());
  REQUIRE(known.Send("GET /echo?n=1 HTTP/1.1\r\nHost: x\r\n\r\n"));
  CHECK_THAT(known.ReadResponse(), Catch::EndsWith("n=1;"));
  CHECK(RawConnection(served.port()).ReadAll().empty());
  REQUIRE(known.Send("GET /echo?n=2 HTTP/1.1\r\nHost: x\r\n\r\n"));
  CHECK_THAT(known.ReadResponse(), Catch::EndsWith("n=2;"));
}

TEST_CASE("at the limit the connection that waits for longest makes room") {
  const Served served({.connections = 2});
  RawConnection oldest(served.port());
  REQUIRE(oldest.Send("GET /ec"));
  RawConnection second(served.port());
  REQUIRE(second.Send("GET /echo?n=1 HTTP/1.1\r\nHost: x\r\n\r\n"));
  CHECK_THAT(second.ReadResponse(), Catch::EndsWith("n=1;"));
  CHECK_THAT(Get(served.port(), "/echo?n=2"), Catch::EndsWith("n=2;"));
  CHECK(oldest.ReadAll().empty());
  CHECK(served.counts().evicted == 1);
  REQUIRE(second.Send("GET /echo?n=3 HTTP/1.1\r\nHost: x\r\n\r\n"));
  CHECK_THAT(second.ReadResponse(), Catch::EndsWith("n=3;"));
}

TEST_CASE("a listen address that cannot be had is an error that names it") {
  const Served served;
  HttpLoop loop;
  const auto listening = [&loop](const std::string& listen) {
    HttpServerOptions options{.listen = listen, .route = ByPath({})};
    const auto server = HttpServer::Listen(loop, std::move(options));
    return server ? "nothing" : server.error().message;
  };
  const std::string taken = "127.0.0.1:" + std::to_string(served.port());
  CHECK(listening(taken) == "listen " + taken +
                                ": Address already in use; "
                                "end the program that has it, or say another address");
  for (const std::string listen : {"9464", "localhost:9464", "127.0.0.1:x", "127.0.0.1:99999"}) {
    CHECK(listening(listen) == "listen: '" + listen + "' is not ADDRESS:PORT such as 0.0.0.0:9464");
  }
}
