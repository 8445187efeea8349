// The HTTP port over real sockets: what it needs to start, and whom it lets in.
#include "aggregator/http_port.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "tests/memory_file_system.h"
#include "tests/raw_connection.h"

namespace routerate {
namespace {

const std::string kToken = "0123456789abcdef";

struct PortWorld {
  PortWorld() {
    const auto own = Issue(MakeAuthority("any"), {.common_name = "routerate"});
    files.Overwrite("/tls.crt", own.certificate);
    files.Overwrite("/tls.key", own.key);
    files.Overwrite("/token", kToken);
    options.listen = "127.0.0.1:0";
  }

  Result<std::unique_ptr<HttpPort>> Start() {
    return HttpPort::Start(
        options, {files, clock},
        {{"/stats", [](const HttpRequest& r) { return HttpResponse{.body = "for " + r.client}; }},
         {"/healthz", [](const HttpRequest&) { return HttpResponse{.body = "ok"}; }}});
  }
  std::string Trouble() {
    const auto port = Start();
    return port ? "" : port.error().message;
  }

  MemoryFileSystem files;
  SystemClock clock;
  AggregatorOptions options;
};

std::string Get(RawConnection* connection, const std::string& path,
                const std::string& headers = {}) {
  REQUIRE(connection->Send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n"));
  return connection->ReadResponse();
}

TEST_CASE("without options the port is open to everybody, in the clear") {
  PortWorld world;
  const auto port = world.Start();
  REQUIRE(port);
  RawConnection connection((*port)->port());
  CHECK_THAT(Get(&connection, "/stats"), Catch::EndsWith("for 127.0.0.1"));
}

TEST_CASE("with a certificate and a token one has to have both") {
  PortWorld world;
  world.options.http = {.certificate = "/tls.crt", .key = "/tls.key", .token_file = "/token"};
  const auto port = world.Start();
  REQUIRE(port);
  RawConnection plain((*port)->port());
  REQUIRE(plain.Send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
  CHECK(plain.ReadAll().find("HTTP/1.1 200") == std::string::npos);
  RawConnection tls((*port)->port(), TlsWish{});
  REQUIRE(tls.handshake_error().empty());
  CHECK(tls.server_name() == "routerate");
  CHECK_THAT(Get(&tls, "/healthz"), Catch::StartsWith("HTTP/1.1 200"));
  const std::string refused = Get(&tls, "/stats");
  CHECK_THAT(refused, Catch::StartsWith("HTTP/1.1 401"));
  CHECK_THAT(refused, Catch::Contains("\r\nWWW-Authenticate: Bearer realm") &&
                          Catch::Contains("\r\nWWW-Authenticate: Basic realm"));
  CHECK_THAT(Get(&tls, "/stats", "Authorization: Bearer " + kToken + "\r\n"),
             Catch::StartsWith("HTTP/1.1 200"));
}

TEST_CASE("a file that is no good is told with its key and path") {
  PortWorld world;
  world.options.http = {.certificate = "/tls.crt", .key = "/none", .token_file = "/token"};
  CHECK_THAT(world.Trouble(), Catch::StartsWith("http: ") && Catch::Contains("/none"));
  world.options.http.key = "/token";
  CHECK_THAT(world.Trouble(), Catch::StartsWith("http: /tls.crt with /token: "));
  world.options.http = {.token_file = "/none"};
  CHECK_THAT(world.Trouble(), Catch::StartsWith("http.token_file: ") && Catch::Contains("/none"));
  world.files.Truncate("/token");
  world.options.http = {.token_file = "/token"};
  CHECK_THAT(world.Trouble(), Catch::StartsWith("http.token_file: /token holds no token; "));
}

}  // namespace
}  // namespace routerate
