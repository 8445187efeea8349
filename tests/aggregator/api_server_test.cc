// The metrics API's server, from a request to its handler, over real TLS on both sides.
#include "aggregator/api_server.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>

#include "tests/aggregator/api_world.h"

namespace routerate {
namespace {

namespace json = boost::json;
using Mood = StandInApiServer::Mood;

std::string Service(const std::string& name) {
  return "/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/services/" + name +
         "/http_requests_per_second";
}

TEST_CASE("the front proxy's user is asked for, and then answered") {
  ApiWorld world;
  const std::string answer = world.Ask(kPods, world.Proxy(),
                                       std::string("X-Remote-User: ") + kHpa +
                                           "\r\nX-Remote-Group: system:serviceaccounts\r\n"
                                           "X-Remote-Group: system:authenticated\r\n"
                                           "X-Remote-Extra-Scopes%2fA: b\r\nX-Other: c\r\n");
  CHECK_THAT(answer, Catch::StartsWith(kGood));
  CHECK_THAT(answer, Catch::EndsWith("handled /apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/"
                                     "pods/*/http_requests_per_second|Host|X-Other"));
  CHECK(json::parse(world.cluster.LastSpec(StandInApiServer::kAccess)) == json::parse(R"({
      "user": "system:serviceaccount:kube-system:horizontal-pod-autoscaler",
      "groups": ["system:serviceaccounts", "system:authenticated"], "extra": {"scopes/a": ["b"]},
      "resourceAttributes": {"verb": "get", "namespace": "shop", "group": "custom.metrics.k8s.io",
        "version": "v1beta2", "resource": "pods", "subresource": "http_requests_per_second",
        "name": "*"}})"));
}

TEST_CASE("a client certificate names its user and groups, behind the front proxy") {
  ApiWorld world;
  const auto client_ca = MakeAuthority("client-ca");
  auto trust = ApiWorld::Trust(world.proxy_ca);
  trust["client-ca-file"] = client_ca.certificate;
  world.cluster.SetTrust(trust);
  const auto client = Issue(client_ca, {.common_name = "ann", .organizations = {"dev", "ops"}});
  CHECK_THAT(world.Ask(kPods, client, "X-Remote-User: system:admin\r\n"), Catch::StartsWith(kGood));
  const json::value spec = json::parse(world.cluster.LastSpec(StandInApiServer::kAccess));
  CHECK(spec.at("user") == "ann");
  CHECK(spec.at("groups") == json::parse(R"(["dev", "ops", "system:authenticated"])"));
}

TEST_CASE("a bearer token is reviewed once in ten seconds") {
  ApiWorld world;
  for (int i = 0; i < 3; ++i) {
    CHECK_THAT(world.Ask(kPods, {}, "Authorization: Bearer of-ann\r\n"), Catch::StartsWith(kGood));
  }
  CHECK(world.cluster.Asked(StandInApiServer::kToken) == 1);
  CHECK(json::parse(world.cluster.LastSpec(StandInApiServer::kAccess)).at("user") == "ann");
  CheckStatus(world.Ask(kPods, {}, "Authorization: Bearer of-bob\r\n"), 401, "nobody's");
  world.clock.Advance(Millis{10'000});
  CHECK_THAT(world.Ask(kPods, {}, "Authorization: Bearer of-ann\r\n"), Catch::StartsWith(kGood));
  CHECK(world.cluster.Asked(StandInApiServer::kToken) == 3);
}

TEST_CASE("what is not allowed is forbidden in Kubernetes' words, and asked for once") {
  ApiWorld world;
  world.cluster.SetMood(Mood::kDeny);
  for (int i = 0; i < 3; ++i) {
    CheckStatus(world.AskAs("ann"), 403,
                "pods.custom.metrics.k8s.io \"*\" is forbidden: User \"ann\" cannot get resource "
                "\"pods/http_requests_per_second\" in API group \"custom.metrics.k8s.io\" in the "
                "namespace \"shop\": because");
  }
  CHECK(world.cluster.Asked(StandInApiServer::kAccess) == 1);
  CheckStatus(world.AskAs("ann", "/apis"), 403, "User \"ann\" cannot get path \"/apis\"");
  world.cluster.SetMood(Mood::kAllow);
  world.clock.Advance(Millis{10'000});
  CHECK_THAT(world.AskAs("ann"), Catch::StartsWith(kGood));
}

TEST_CASE("whom the front proxy names and who may ask for all is not asked about for each name") {
  ApiWorld world;
  for (const char* name : {"web", "pay", "web"}) {
    CHECK_THAT(world.AskAs("ann", Service(name)), Catch::StartsWith(kGood));
  }
  CHECK(world.cluster.Asked(StandInApiServer::kAccess) == 1);
  const json::value spec = json::parse(world.cluster.LastSpec(StandInApiServer::kAccess));
  CHECK(spec.at("resourceAttributes").at("subresource") == "http_requests_per_second");
  CHECK_FALSE(spec.at("resourceAttributes").as_object().contains("name"));
  world.cluster.SetMood(Mood::kDeny);
  world.clock.Advance(Millis{10'000});
  CheckStatus(world.AskAs("ann", Service("web")), 403, "\"web\" is forbidden");
}

TEST_CASE("who may not ask for all is asked about by name") {
  ApiWorld world;
  world.cluster.SetMood(Mood::kAllowWeb);
  for (int i = 0; i < 2; ++i) {
    CHECK_THAT(world.AskAs("ann", Service("web")), Catch::StartsWith(kGood));
    CheckStatus(world.AskAs("ann", Service("pay")), 403, "\"pay\" is forbidden");
  }
  CHECK(world.cluster.Asked(StandInApiServer::kAccess) == 3);
}

TEST_CASE("of others than the front proxy's users only the exact question is asked") {
  ApiWorld world;
  for (const char* name : {"web", "pay"}) {
    CHECK_THAT(world.Ask(Service(name), {}, "Authorization: Bearer of-ann\r\n"),
               Catch::StartsWith(kGood));
    const json::value spec = json::parse(world.cluster.LastSpec(StandInApiServer::kAccess));
    CHECK(spec.at("resourceAttributes").at("name") == name);
  }
  CHECK(world.cluster.Asked(StandInApiServer::kAccess) == 2);
}

TEST_CASE("system:masters and health need no review") {
  ApiWorld world;
  world.cluster.SetMood(Mood::kDeny);
  CHECK_THAT(
      world.Ask(kPods, world.Proxy(),
                "X-Remote-User: system:kube-aggregator\r\nX-Remote-Group: system:masters\r\n"),
      Catch::StartsWith(kGood));
  for (const char* path : {"/healthz", "/livez", "/readyz"}) {
    CHECK_THAT(world.Ask(path), Catch::StartsWith(kGood));
  }
  CHECK(world.cluster.Asked(StandInApiServer::kAccess) == 0);
}

TEST_CASE("an API server that breaks or says nonsense lets nobody in, and is asked again") {
  ApiWorld world;
  world.cluster.SetMood(Mood::kGarbage);
  CheckStatus(world.AskAs("ann"), 500, "SubjectAccessReview: no status in the answer");
  world.cluster.SetMood(Mood::kBroken);
  CheckStatus(world.AskAs("ann"), 500,
              "POST /apis/authorization.k8s.io/v1/subjectaccessreviews: 500: etcd");
  CheckStatus(world.Ask(kPods, {}, "Authorization: Bearer of-ann\r\n"), 500, "500: etcd");
  world.cluster.SetMood(Mood::kAllow);
  CHECK_THAT(world.AskAs("ann"), Catch::StartsWith(kGood));
}

TEST_CASE("an API server that hangs is given up after three seconds, once for all who wait") {
  ApiWorld world;
  CHECK_THAT(world.AskAs("bob"), Catch::StartsWith(kGood));
  world.cluster.SetMood(Mood::kSilent);
  const SystemClock clock;
  const Millis begin = clock.Monotonic();
  RawConnection first(world.server->port(), TlsWish{.shown = world.Proxy()});
  const std::string request =
      std::string("GET ") + kPods + " HTTP/1.1\r\nHost: x\r\nX-Remote-User: ann\r\n\r\n";
  REQUIRE(first.Send(request));
  CHECK_THAT(world.Ask("/healthz"), Catch::StartsWith(kGood));  // others go on meanwhile
  CheckStatus(world.AskAs("ann"), 500, "no answer within 3 s");
  CheckStatus(first.ReadResponse(), 500, "no answer within 3 s");
  CHECK(clock.Monotonic() - begin < Millis{6000});
  CHECK(world.cluster.Asked(StandInApiServer::kAccess) == 2);
}

TEST_CASE("only GET and HEAD are served, and only to who may do that") {
  ApiWorld world;
  world.Start();
  RawConnection connection(world.server->port(), TlsWish{.shown = world.Proxy()});
  REQUIRE(
      connection.Send(std::string("POST ") + kPods +
                      " HTTP/1.1\r\nHost: x\r\nX-Remote-User: ann\r\nContent-Length: 2\r\n\r\n{}"));
  CheckStatus(connection.ReadResponse(), 405, "only GET and HEAD");
  CHECK(json::parse(world.cluster.LastSpec(StandInApiServer::kAccess))
            .at("resourceAttributes")
            .at("verb") == "create");
}

TEST_CASE("what happened is told as metrics") {
  ApiWorld world;
  CHECK_THAT(world.AskAs("ann"), Catch::StartsWith(kGood));
  CHECK_THAT(world.AskAs("ann"), Catch::StartsWith(kGood));
  CheckStatus(world.Ask("/apis/made.up/v1/x"), 401, "");
  const std::string text = world.metrics.Scrape(world.clock.Wall());
  for (const char* line :
       {"routerate_api_requests_total{group=\"custom.metrics.k8s.io\",code=\"200\"} 2\n",
        "routerate_api_requests_total{group=\"\",code=\"401\"} 1\n",
        "routerate_api_request_duration_seconds_count 3\n",
        "routerate_api_identified_total{by=\"front_proxy\"} 2\n",
        "routerate_api_identified_total{by=\"nobody\"} 1\n",
        "routerate_api_reviews_total{review=\"SubjectAccessReview\",outcome=\"yes\"} 1\n",
        "routerate_api_reviews_total{review=\"SubjectAccessReview\",outcome=\"kept\"} 1\n",
        "routerate_api_review_duration_seconds_count{review=\"SubjectAccessReview\"} 1\n",
        "routerate_api_trust_failures_total 0\n"}) {
    CHECK_THAT(text, Catch::Contains(line));
  }
  CHECK_THAT(text, Catch::Contains("routerate_api_certificate_expiry_timestamp_seconds 1"));
}

TEST_CASE("a certificate or a ca_file that is no good is told at the start") {
  ApiWorld world;
  world.files.Overwrite("/tls.key", "garbage");
  const MetricsApiOptions options{.listen = "127.0.0.1:0",
                                  .certificate = "/tls.crt",
                                  .key = "/tls.key",
                                  .api_server = "https://127.0.0.1:1",
                                  .ca_file = "/missing",
                                  .token_file = "/token"};
  const auto started = ApiServer::Start(options, {world.files, world.clock, world.metrics},
                                        [](const HttpRequest&) { return HttpResponse{}; });
  REQUIRE_FALSE(started);
  CHECK_THAT(started.error().message,
             Catch::StartsWith("metrics_api: /tls.crt with /tls.key: no private key in PEM"));
}

}  // namespace
}  // namespace routerate
