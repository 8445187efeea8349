// The HTTP server over real sockets on a free port.
#include "base/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>

using namespace routerate;

namespace {

std::unique_ptr<HttpServer> StartEcho() {
  auto server =
      HttpServer::Start("127.0.0.1:0", {{"/echo", [](const HttpRequest& request) {
                                           HttpResponse response;
                                           for (const auto& [key, value] : request.query) {
                                             response.body += key + "=" + value + ";";
                                           }
                                           return response;
                                         }}});
  REQUIRE(server.has_value());
  return std::move(*server);
}

// Sends raw bytes, returns everything until the server closes.
std::string Exchange(std::uint16_t port, const std::string& request) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::send(fd, request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size()));
  std::string answer;
  std::string buffer(4096, '\0');
  for (ssize_t got = 0; (got = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0;) {
    answer.append(buffer, 0, static_cast<std::size_t>(got));
  }
  ::close(fd);
  return answer;
}

std::string Get(std::uint16_t port, const std::string& target) {
  return Exchange(port, "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
}

}  // namespace

TEST_CASE("paths and queries are percent-decoded") {
  const auto server = StartEcho();
  const std::string answer = Get(server->port(), "/%65cho?a=1%202&b=x+y&c&d=%zz");
  CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 200 OK"));
  CHECK_THAT(answer, Catch::EndsWith("a=1 2;b=x y;c=;d=%zz;"));
}

TEST_CASE("an unknown path lists what is there") {
  const auto server = StartEcho();
  const std::string answer = Get(server->port(), "/other");
  CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 404"));
  CHECK_THAT(answer, Catch::EndsWith("not found; here are: /echo\n"));
}

TEST_CASE("a connection serves several requests") {
  const auto server = StartEcho();
  const std::string answer =
      Exchange(server->port(),
               "GET /echo?n=1 HTTP/1.1\r\nHost: x\r\n\r\n"
               "GET /echo?n=2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK_THAT(answer, Catch::Contains("n=1;") && Catch::EndsWith("n=2;"));
}

TEST_CASE("what is not a plain GET is refused") {
  struct Case {
    std::string request;
    std::string status;
  };
  const auto& [request, status] = GENERATE(
      Case{"POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
           "405"},
      Case{"NONSENSE\r\n\r\n", "400"},
      Case{"GET /echo HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n", "431"});
  const auto server = StartEcho();
  CHECK_THAT(Exchange(server->port(), request), Catch::StartsWith("HTTP/1.1 " + status));
}

TEST_CASE("HEAD has the length and no body") {
  const auto server = StartEcho();
  const std::string answer =
      Exchange(server->port(), "HEAD /echo?a=b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK_THAT(answer, Catch::Contains("Content-Length: 4\r\n") && Catch::EndsWith("\r\n\r\n"));
}

TEST_CASE("a listen address that cannot be had is an error that names it") {
  const auto server = StartEcho();
  const std::string taken = "127.0.0.1:" + std::to_string(server->port());
  CHECK(HttpServer::Start(taken, {}).error().message ==
        "listen " + taken + ": Address already in use");
  for (const std::string listen : {"9464", "localhost:9464", "127.0.0.1:x", "127.0.0.1:99999"}) {
    CHECK(HttpServer::Start(listen, {}).error().message ==
          "listen: '" + listen + "' is not ADDRESS:PORT such as 0.0.0.0:9464");
  }
}
