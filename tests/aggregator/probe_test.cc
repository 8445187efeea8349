// What `routerate-aggregator probe` makes of servers that answer, answer later, or never do.
#include "aggregator/probe.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/http_server.h"
#include "tests/made_certificate.h"
#include "tests/memory_file_system.h"

using namespace routerate;

namespace {

// /ready is 503 twice, then 200; /token says what Authorization it got; all else is 404.
class Served {
 public:
  explicit Served(const MadeCertificate* authority = nullptr) {
    HttpServerOptions options{.listen = "127.0.0.1:0",
                              .route = [this](const std::shared_ptr<const HttpRequest>& request,
                                              const HttpDone& done) { done(Answer(*request)); }};
    if (authority) {
      const auto shown = Issue(*authority, {.common_name = "server", .names = "IP:127.0.0.1"});
      WallMs not_after = 0;
      tls_ = ServerTlsContext(shown.certificate, shown.key, &not_after).value();
      options.tls = [this] { return tls_; };
    }
    server_ = HttpServer::Listen(loop_, std::move(options)).value();
    url = (authority ? "https" : "http") + std::string("://127.0.0.1:") +
          std::to_string(server_->port());
    thread_.emplace(loop_);
  }

  std::string url;
  std::atomic<int> not_ready{2};

 private:
  HttpResponse Answer(const HttpRequest& request) {
    if (request.path == "/ready") {
      if (not_ready-- > 0) return {.status = 503, .body = "not\nyet"};
      return {.body = "ok"};
    }
    if (request.path != "/token") return {.status = 404, .body = "no"};
    const auto values = request.Values("Authorization");
    return {.status = values.empty() ? 401 : 200,
            .body = std::string(values.empty() ? "" : values[0])};
  }

  TlsContext tls_;
  HttpLoop loop_;
  std::unique_ptr<HttpServer> server_;
  std::optional<HttpThread> thread_;
};

struct Told {
  Result<ProbeOutcome> outcome;
  std::vector<std::string> lines;
};

class Prober {
 public:
  MemoryFileSystem files;

  Told Ask(const ProbeOptions& options) {
    std::vector<std::string> lines;
    auto outcome = Probe(files, clock_, *waiter_, options,
                         [&lines](const std::string& line) { lines.push_back(line); });
    return {std::move(outcome), std::move(lines)};
  }

 private:
  SystemClock clock_;
  std::unique_ptr<Waiter> waiter_ = Waiter::Create(WatchFiles::kNo).value();
};

}  // namespace

TEST_CASE("a probe asks until each URL has answered 2xx") {
  Served server;
  const Told told = Prober().Ask({.urls = {server.url + "/ready"}});
  CHECK(told.outcome == ProbeOutcome::kAllAnswered);
  CHECK(server.not_ready < 0);
  REQUIRE(told.lines.size() == 1);
  CHECK_THAT(told.lines[0], Catch::Matches("200 [0-9]+ ms " + server.url + "/ready"));
}

TEST_CASE("a probe whose time is up says what each URL answered last") {
  Served server;
  server.not_ready = 1'000'000;
  const Told told = Prober().Ask(
      {.urls = {server.url + "/ready", "http://127.0.0.1:1", server.url}, .timeout = Millis{1}});
  CHECK(told.outcome == ProbeOutcome::kNotAllAnswered);
  REQUIRE(told.lines.size() == 3);
  CHECK_THAT(told.lines[0], Catch::Matches("503 [0-9]+ ms .*/ready: not\\\\nyet"));
  CHECK(told.lines[1] == "- http://127.0.0.1:1: connect to 127.0.0.1:1: Connection refused");
  CHECK_THAT(told.lines[2], Catch::Matches("404 [0-9]+ ms " + server.url + ": no"));
}

TEST_CASE("a probe tells its token to servers it believes, and to none in the clear") {
  const MadeCertificate authority = MakeAuthority("ca");
  Served secure(&authority);
  Served plain;
  Prober prober;
  prober.files.Overwrite("/ca.crt", authority.certificate);
  prober.files.Overwrite("/other.crt", MakeAuthority("ca").certificate);
  prober.files.Overwrite("/token", "secret\n");
  ProbeOptions options{.urls = {secure.url + "/token", plain.url + "/token"},
                       .access = {.ca_file = "/ca.crt", .token_file = "/token"},
                       .timeout = Millis{1}};
  const Told told = prober.Ask(options);
  CHECK(told.outcome == ProbeOutcome::kNotAllAnswered);
  REQUIRE(told.lines.size() == 2);
  CHECK_THAT(told.lines[0], Catch::StartsWith("200 "));
  CHECK_THAT(told.lines[1], Catch::StartsWith("401 "));

  options.access.ca_file = "/other.crt";
  options.urls.pop_back();
  CHECK_THAT(prober.Ask(options).lines.at(0), Catch::Contains("TLS handshake"));
}

TEST_CASE("a probe refuses what it cannot ask") {
  Prober prober;
  for (const std::string url : {"ftp://a", "http://", "a:1", "http://a b", "http://a/#x"}) {
    const Told told = prober.Ask({.urls = {url}});
    REQUIRE(!told.outcome);
    CHECK(told.outcome.error().message == "'" + url + "' is not http[s]://HOST[:PORT][/PATH]");
  }
  CHECK(prober.Ask({.urls = {"https://a"}}).outcome.error().message ==
        "--ca-file is required for https");
  CHECK_THAT(
      prober.Ask({.urls = {"https://a"}, .access = {.ca_file = "/none"}}).outcome.error().message,
      Catch::Contains("/none"));
}
