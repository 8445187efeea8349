// Clients that are what they should not be (docs/security.md lists them), over real TLS.
#include <openssl/ssl.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "aggregator/cluster_trust.h"
#include "tests/aggregator/api_world.h"

namespace routerate {
namespace {

namespace json = boost::json;
using Mood = StandInApiServer::Mood;

std::string TenMegabytes() { return std::string(5'000'000, 'x') + std::string(5'000'000, 'x'); }

TEST_CASE("without a certificate nobody is known, whatever the headers say") {
  ApiWorld world;
  CheckStatus(world.Ask(kPods), 401, "no front proxy, client certificate or token");
  CheckStatus(world.Ask(kPods, {}, "X-Remote-User: admin\r\nX-Remote-Group: system:masters\r\n"),
              401, "no front proxy");
  CHECK(world.cluster.Asked(StandInApiServer::kAccess) == 0);
}

TEST_CASE("a certificate that is not the front proxy's is refused with the reason") {
  ApiWorld world;
  const std::string user = "X-Remote-User: admin\r\n";
  CheckStatus(
      world.Ask(kPods,
                Issue(MakeAuthority("front-proxy-ca"), {.common_name = "front-proxy-client"}),
                user),
      401, "not the front proxy's: certificate signature failure");
  CheckStatus(
      world.Ask(kPods, Issue(MakeAuthority("other"), {.common_name = "front-proxy-client"}), user),
      401, "not the front proxy's: unable to get local issuer certificate");
  CheckStatus(world.Ask(kPods, world.Proxy("someone"), user), 401,
              "name 'someone' is none of the front proxy's");
  CheckStatus(
      world.Ask(kPods,
                Issue(world.proxy_ca, {.common_name = "front-proxy-client", .ends = Millis{-1000}}),
                user),
      401, "certificate has expired");
  CheckStatus(world.Ask(kPods,
                        Issue(world.proxy_ca,
                              {.common_name = "front-proxy-client", .made_for = MadeFor::kServers}),
                        user),
              401, "unsuitable certificate purpose");
  CheckStatus(world.Ask(kPods, world.Proxy()), 401, "no front proxy");  // that names nobody
}

TEST_CASE("a user who is named twice is nobody") {
  ApiWorld world;
  CheckStatus(
      world.Ask(kPods, world.Proxy(), "X-Remote-User: ann\r\nx-remote-user: system:admin\r\n"), 401,
      "the header X-Remote-User is repeated");
}

TEST_CASE("a new authority of the front proxy counts at once, the old one no more") {
  ApiWorld world;
  world.Start();
  RawConnection open(world.server->port(), TlsWish{.shown = world.Proxy()});
  const std::string asked =
      std::string("GET ") + kPods + " HTTP/1.1\r\nHost: x\r\nX-Remote-User: ann\r\n\r\n";
  REQUIRE(open.Send(asked));
  CHECK_THAT(open.ReadResponse(), Catch::StartsWith(kGood));
  const auto new_ca = MakeAuthority("front-proxy-ca");
  const auto new_proxy = Issue(new_ca, {.common_name = "front-proxy-client"});
  world.cluster.SetTrust(ApiWorld::Trust(new_ca));
  world.clock.Advance(Millis{2000});
  const std::string user = "X-Remote-User: ann\r\n";
  CHECK_THAT(world.Ask(kPods, new_proxy, user), Catch::StartsWith(kGood));
  CheckStatus(world.AskAs(kHpa), 401, "not the front proxy's");
  REQUIRE(open.Send(asked));
  CheckStatus(open.ReadResponse(), 401, "not the front proxy's");
}

TEST_CASE("unknown authorities make the cluster be asked every two seconds at most") {
  ApiWorld world;
  const auto stranger = Issue(MakeAuthority("other"), {.common_name = "front-proxy-client"});
  for (int i = 0; i < 10; ++i)
    CheckStatus(world.Ask(kPods, stranger), 401, "not the front proxy's");
  CHECK(world.cluster.Asked(kClusterTrustPath) <= 3);
}

TEST_CASE("a cluster without a front proxy's authority is told so") {
  ApiWorld world;
  world.cluster.SetTrust({});
  CheckStatus(world.AskAs(kHpa), 401, "has no requestheader-client-ca-file");
}

TEST_CASE("as long as the cluster's trust cannot be read nobody is believed, but it starts") {
  ApiWorld world;
  world.cluster.DropTrust();
  CheckStatus(world.AskAs(kHpa), 401,
              "configmaps/extension-apiserver-authentication: 404: not found");
  world.cluster.SetTrust({{"requestheader-allowed-names", "garbage"}});
  world.clock.Advance(Millis{2000});
  CheckStatus(world.AskAs(kHpa), 401, "requestheader-allowed-names: not a list of texts");
  CHECK_THAT(world.Ask("/readyz"), Catch::Contains("503") && Catch::Contains("not ready: "));
  CHECK_THAT(world.Ask("/livez"), Catch::StartsWith(kGood));
  world.cluster.SetTrust(ApiWorld::Trust(world.proxy_ca));
  world.clock.Advance(Millis{2000});
  CHECK_THAT(world.AskAs(kHpa), Catch::StartsWith(kGood));
  CHECK_THAT(world.Ask("/readyz"), Catch::EndsWith("ok\n"));
}

TEST_CASE("where one authority vouches for both, the proxy's name is no user's") {
  ApiWorld world;
  auto trust = ApiWorld::Trust(world.proxy_ca);
  trust["client-ca-file"] = world.proxy_ca.certificate;
  world.cluster.SetTrust(trust);
  CHECK_THAT(world.AskAs("bob"), Catch::StartsWith(kGood));
  CHECK(json::parse(world.cluster.LastSpec(StandInApiServer::kAccess)).at("user") == "bob");
}

TEST_CASE("paths that could be read in two ways are refused before anybody is asked") {
  ApiWorld world;
  for (const char* path : {"/apis//custom.metrics.k8s.io", "/apis/../healthz", "//healthz",
                           "/apis/%2e%2e/x", "/apis/%00", "/apis/%ff", "*"}) {
    CheckStatus(world.AskAs("ann", path), 400, "path");
  }
  CHECK(world.cluster.Asked(StandInApiServer::kAccess) == 0);
}

TEST_CASE("what is too large or no HTTP is told as a Status, and closed") {
  ApiWorld world;
  world.Start();
  struct Case {
    std::string bytes;
    int code;
  };
  for (const Case& c : {Case{"GET /" + TenMegabytes() + " HTTP/1.1\r\n\r\n", 431},
                        Case{"GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", 431},
                        Case{"\x16\x03garbage\r\n\r\n", 400}}) {
    RawConnection connection(world.server->port(), TlsWish{});
    (void)connection.Send(c.bytes);
    CheckStatus(connection.ReadResponse(), c.code, c.code == 431 ? "too large" : "malformed");
    CHECK(connection.ReadAll().empty());
  }
}

TEST_CASE("TLS 1.1 and bytes that are no TLS end at the handshake, and others are served") {
  ApiWorld world;
  world.Start();
  CHECK_FALSE(RawConnection(world.server->port(), TlsWish{.max_version = TLS1_1_VERSION})
                  .handshake_error()
                  .empty());
  RawConnection garbage(world.server->port());
  REQUIRE(garbage.Send(std::string(5000, 'g')));
  (void)garbage.ReadAll();
  CHECK_THAT(world.AskAs("ann"), Catch::StartsWith(kGood));
  CHECK_THAT(world.metrics.Scrape(world.clock.Wall()),
             Catch::Contains("routerate_api_failed_handshakes_total 2\n"));
}

TEST_CASE("hundreds of connections that only hold on keep nobody out") {
  ApiWorld world;
  world.Start();
  std::vector<std::unique_ptr<RawConnection>> held(300);
  for (auto& each : held) each = std::make_unique<RawConnection>(world.server->port());
  CHECK_THAT(world.AskAs("ann"), Catch::StartsWith(kGood));
  CHECK_THAT(world.Ask("/healthz"), Catch::StartsWith(kGood));
}

}  // namespace
}  // namespace routerate
