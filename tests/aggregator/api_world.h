// The metrics API's server between a stand-in for its cluster and clients that a test makes.
#pragma once

#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "aggregator/api_server.h"
#include "tests/aggregator/stand_in_api_server.h"
#include "tests/memory_file_system.h"
#include "tests/raw_connection.h"

namespace routerate {

inline constexpr const char* kPods =
    "/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/pods/%2A/http_requests_per_second";
inline constexpr const char* kHpa = "system:serviceaccount:kube-system:horizontal-pod-autoscaler";
inline constexpr const char* kGood = "HTTP/1.1 200 OK";

// The machine's, and so much later as was told. Any thread.
class LaterClock final : public Clock {
 public:
  WallMs Wall() const override { return clock_.Wall() + later_; }
  Millis Monotonic() const override { return clock_.Monotonic() + Millis{later_}; }
  void Advance(Millis by) { later_ += by.count(); }

 private:
  SystemClock clock_;
  std::atomic<std::int64_t> later_{0};
};

struct ApiWorld {
  ApiWorld() {
    const auto own = Issue(MakeAuthority("any"), {.common_name = "routerate"});
    files.Overwrite("/tls.crt", own.certificate);
    files.Overwrite("/tls.key", own.key);
    files.Overwrite("/ca.crt", cluster.authority());
    files.Overwrite("/token", "of-the-pod\n");
    cluster.SetTrust(Trust(proxy_ca));
  }

  // As kube-apiserver writes it.
  static std::map<std::string, std::string> Trust(const MadeCertificate& proxy_authority) {
    return {{"requestheader-client-ca-file", proxy_authority.certificate},
            {"requestheader-allowed-names", R"(["front-proxy-client"])"},
            {"requestheader-username-headers", R"(["X-Remote-User"])"},
            {"requestheader-group-headers", R"(["X-Remote-Group"])"},
            {"requestheader-extra-headers-prefix", R"(["X-Remote-Extra-"])"}};
  }

  void Start() {
    const MetricsApiOptions options{.listen = "127.0.0.1:0",
                                    .certificate = "/tls.crt",
                                    .key = "/tls.key",
                                    .api_server = cluster.url(),
                                    .ca_file = "/ca.crt",
                                    .token_file = "/token"};
    auto started =
        ApiServer::Start(options, {files, clock, metrics}, [](const HttpRequest& request) {
          std::string body = "handled " + request.path;
          for (const HttpHeader& each : request.headers) body += "|" + each.name;
          return HttpResponse{.content_type = "application/json", .body = body};
        });
    REQUIRE(started.has_value());
    server = std::move(*started);
  }

  MadeCertificate Proxy(const std::string& name = "front-proxy-client") const {
    return Issue(proxy_ca, {.common_name = name, .made_for = MadeFor::kClients});
  }

  // One request; `headers` end with line ends.
  std::string Ask(const std::string& path, const MadeCertificate& shown = {},
                  const std::string& headers = {}) {
    if (!server) Start();
    RawConnection connection(server->port(), TlsWish{.shown = shown});
    REQUIRE(connection.handshake_error().empty());
    REQUIRE(connection.Send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n"));
    return connection.ReadResponse();
  }
  std::string AskAs(const std::string& user, const std::string& path = kPods) {
    return Ask(path, Proxy(), "X-Remote-User: " + user + "\r\n");
  }

  const MadeCertificate proxy_ca = MakeAuthority("front-proxy-ca");
  StandInApiServer cluster;
  MemoryFileSystem files;
  LaterClock clock;
  ApiServerMetrics metrics;
  std::unique_ptr<ApiServer> server;
};

// Checks for a Status in JSON that says `code`, and has `words` in its message.
void CheckStatus(const std::string& response, int code, const std::string& words);

}  // namespace routerate
