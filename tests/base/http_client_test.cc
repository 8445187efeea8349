// Calls to a server of ours that is good, slow, gone or somebody else.
#include "base/http_client.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/http_server.h"
#include "tests/made_certificate.h"

using namespace routerate;

namespace {

struct CalledServer {
  explicit CalledServer(const std::string& names = "DNS:localhost,IP:127.0.0.1",
                        HttpLimits limits = {}) {
    const auto shown = Issue(ca, {.common_name = "server", .names = names});
    WallMs not_after = 0;
    tls = ServerTlsContext(shown.certificate, shown.key, &not_after).value();
    HttpServerOptions options{
        .listen = "127.0.0.1:0",
        .route =
            [this](const std::shared_ptr<const HttpRequest>& request, HttpDone done) {
              if (request->path == "/silent") return silent.push_back(std::move(done));
              done({.status = 203, .body = request->method + " " + request->body});
            },
        .tls = [this] { return tls; },
        .limits = limits};
    server = HttpServer::Listen(loop, std::move(options)).value();
    thread.emplace(loop);
  }

  MadeCertificate ca = MakeAuthority("ca");
  TlsContext tls;
  HttpLoop loop;
  std::vector<HttpDone> silent;
  std::unique_ptr<HttpServer> server;
  std::optional<HttpThread> thread;
};

class Client {
 public:
  Client(std::uint16_t port, const std::string& authority, const std::string& host = "127.0.0.1")
      : http_(loop_, {host, std::to_string(port)}, ClientTlsContext(authority).value()),
        thread_(std::in_place, loop_) {}
  ~Client() { thread_.reset(); }

  std::string Call(const std::string& target, Millis deadline = Millis{10'000}) {
    std::promise<std::string> told;
    loop_.Post([&] {
      http_.Send({.method = "POST", .target = target, .body = "x", .deadline = deadline},
                 [&told](Result<HttpResponse> answer) {
                   told.set_value(answer ? std::to_string(answer->status) + " " + answer->body
                                         : answer.error().message);
                 });
    });
    return told.get_future().get();
  }

 private:
  HttpLoop loop_;
  HttpClient http_;
  std::optional<HttpThread> thread_;
};

}  // namespace

TEST_CASE("calls are answered over one connection, as long as it is good") {
  const CalledServer served;
  Client client(served.server->port(), served.ca.certificate);
  for (int i = 0; i < 3; ++i) CHECK(client.Call("/") == "203 POST x");
  CHECK(served.server->counts().accepted == 1);
}

TEST_CASE("a kept connection that the server has closed is replaced") {
  const CalledServer served("IP:127.0.0.1", {.idle = Millis{1}});
  Client client(served.server->port(), served.ca.certificate);
  for (int i = 0; i < 20; ++i) REQUIRE(client.Call("/") == "203 POST x");
}

TEST_CASE("a call ends at its deadline, and others go on") {
  const CalledServer served;
  Client client(served.server->port(), served.ca.certificate);
  CHECK(client.Call("/silent", Millis{100}) ==
        "127.0.0.1:" + std::to_string(served.server->port()) + ": no answer within 0.1 s");
  CHECK(client.Call("/") == "203 POST x");
}

TEST_CASE("a server is believed by its authority and its name, and by nothing else") {
  const CalledServer served("DNS:example.com");
  const std::string where = "TLS handshake with 127.0.0.1:" + std::to_string(served.server->port());
  CHECK_THAT(Client(served.server->port(), served.ca.certificate).Call("/"),
             Catch::StartsWith(where + ": IP address mismatch"));
  const CalledServer other;
  CHECK_THAT(Client(other.server->port(), MakeAuthority("ca").certificate).Call("/"),
             Catch::EndsWith("certificate signature failure"));
  CHECK(Client(other.server->port(), other.ca.certificate, "localhost").Call("/") == "203 POST x");
}

TEST_CASE("where nobody listens a call says so") {
  std::uint16_t port = 0;
  {
    const CalledServer gone;
    port = gone.server->port();
  }
  CHECK(Client(port, MakeAuthority("ca").certificate).Call("/") ==
        "connect to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
}

TEST_CASE("an origin is https, a host and perhaps a port") {
  const auto shown = [](const std::string& url) {
    const auto origin = ParseHttpsOrigin(url);
    return origin ? origin->host + " " + origin->port : origin.error().message;
  };
  CHECK(shown("https://kubernetes.default.svc") == "kubernetes.default.svc 443");
  CHECK(shown("https://10.0.0.1:6443/") == "10.0.0.1 6443");
  CHECK(shown("https://[fd00::1]:6443") == "fd00::1 6443");
  CHECK(shown("https://[fd00::1]") == "fd00::1 443");
  for (const std::string url :
       {"http://a", "a:1", "https://", "https://:1", "https://a:", "https://a:b", "https://fd00::1",
        "https://a/b", "https://a b", "https://u@a"}) {
    CHECK(shown(url) == "'" + url + "' is not https://HOST[:PORT]");
  }
}
