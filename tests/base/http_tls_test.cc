// The server over TLS: what a handshake gives, what it refuses, certificates that change.
#include <openssl/ssl.h>

#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/http_server.h"
#include "base/tls_certificate.h"
#include "tests/memory_file_system.h"
#include "tests/raw_connection.h"

using namespace routerate;

namespace {

constexpr const char* kRequest = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

// Says who asks, by the certificates that were shown.
HttpResponse WhoAsks(const HttpRequest& request) {
  if (!request.peer) return {.body = "nobody"};
  HttpResponse response;
  for (const std::string& each : *request.peer) {
    response.body += ReadCertificate(each)->common_name + ";";
  }
  return response;
}

struct TlsServer {
  explicit TlsServer(HttpLimits limits = {}) {
    Write(Issue(ca, {.common_name = "first"}));
    auto loaded = TlsCertificate::Load(files, "/tls.crt", "/tls.key");
    REQUIRE(loaded.has_value());
    certificate.emplace(std::move(*loaded));
    HttpServerOptions options{.listen = "127.0.0.1:0",
                              .route = WhoAsks,
                              .tls = [this] { return certificate->context(); },
                              .limits = limits};
    auto listening = HttpServer::Listen(loop, std::move(options));
    REQUIRE(listening.has_value());
    server = std::move(*listening);
    thread.emplace(loop);
  }
  void Write(const MadeCertificate& made) {
    files.Overwrite("/tls.crt", made.certificate);
    files.Overwrite("/tls.key", made.key);
  }
  std::string Reload() {
    const auto reloaded = certificate->Reload(files);
    if (!reloaded) return reloaded.error().message;
    return *reloaded == Reloaded::kNew ? "new" : "same";
  }
  std::uint16_t port() const { return server->port(); }

  MadeCertificate ca = MakeAuthority("ca");
  MemoryFileSystem files;
  HttpLoop loop;
  std::optional<TlsCertificate> certificate;
  std::unique_ptr<HttpServer> server;
  std::optional<HttpThread> thread;
};

}  // namespace

TEST_CASE("a request is answered over TLS, on a connection that goes on") {
  const TlsServer served;
  RawConnection connection(served.port(), TlsWish{.protocols = "\x02h2\x08http/1.1"});
  REQUIRE(connection.handshake_error().empty());
  CHECK(connection.protocol() == "http/1.1");
  for (int i = 0; i < 2; ++i) {
    REQUIRE(connection.Send(kRequest));
    CHECK_THAT(connection.ReadResponse(), Catch::EndsWith("\r\n\r\nnobody"));
  }
}

TEST_CASE("a client that speaks HTTP/2 alone is not promised it") {
  const TlsServer served;
  RawConnection connection(served.port(), TlsWish{.protocols = "\x02h2"});
  CHECK(connection.handshake_error().empty());
  CHECK(connection.protocol().empty());
}

TEST_CASE("TLS 1.2 is spoken, 1.1 is not") {
  const TlsServer served;
  CHECK(RawConnection(served.port(), TlsWish{.max_version = TLS1_2_VERSION})
            .handshake_error()
            .empty());
  CHECK_THAT(RawConnection(served.port(), TlsWish{.max_version = TLS1_1_VERSION}).handshake_error(),
             Catch::Contains("protocol version"));
}

TEST_CASE("any certificate of a client is taken, for others to judge") {
  const TlsServer served;
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  const auto client =
      Issue(MakeAuthority("unknown"), {.common_name = "ann", .ends = Millis{-1000}});
  RawConnection connection(served.port(), TlsWish{.shown = client, .max_version = version});
  REQUIRE(connection.Send(kRequest));
  CHECK_THAT(connection.ReadResponse(), Catch::EndsWith("\r\n\r\nann;"));
}

TEST_CASE("what is no TLS is closed at once, and counted") {
  const TlsServer served;
  for (const std::string& bytes : {std::string(kRequest), std::string(2000, '\xFF')}) {
    RawConnection connection(served.port());
    REQUIRE(connection.Send(bytes));
    CHECK_THAT(connection.ReadAll(), !Catch::Contains("HTTP/1.1 2"));
  }
  CHECK(served.server->counts().failed_handshakes == 2);
}

TEST_CASE("a handshake that does not go on is closed at its deadline") {
  const TlsServer served({.request = Millis{200}});
  RawConnection silent(served.port());
  CHECK(silent.ReadAll().empty());
}

TEST_CASE("connections get the certificate that is in the files now") {
  TlsServer served;
  RawConnection before(served.port(), TlsWish{});
  CHECK(before.server_name() == "first");
  CHECK(served.Reload() == "same");
  served.thread.reset();  // the loop's thread is the one that reloads
  served.Write(Issue(served.ca, {.common_name = "second"}));
  CHECK(served.Reload() == "new");
  HttpThread again(served.loop);
  CHECK(RawConnection(served.port(), TlsWish{}).server_name() == "second");
  REQUIRE(before.Send(kRequest));
  CHECK_THAT(before.ReadResponse(), Catch::EndsWith("nobody"));
}

TEST_CASE("a broken pair is refused with a reason, and the one before stays") {
  TlsServer served;
  const TlsContext before = served.certificate->context();
  const auto other = Issue(served.ca, {.common_name = "other"});
  served.files.Overwrite("/tls.crt", other.certificate);  // and its key is not there yet
  CHECK_THAT(served.Reload(), Catch::StartsWith("/tls.crt with /tls.key: "));
  served.files.Overwrite("/tls.crt", "");
  CHECK_THAT(served.Reload(), Catch::Contains("no certificate in PEM"));
  REQUIRE(served.files.Remove("/tls.crt").has_value());
  CHECK_THAT(served.Reload(), Catch::Contains("/tls.crt"));
  CHECK(served.certificate->context() == before);
  served.Write(other);
  CHECK(served.Reload() == "new");
}
