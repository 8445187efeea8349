// The order is that of k8s.io/apiserver's delegating authentication: the front proxy before client
// certificates, for one authority may vouch for both, and then the proxy's name is no user's.
#include "aggregator/api_authentication.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <utility>

namespace routerate {
namespace {

constexpr Millis kReadEach{30'000};
constexpr Millis kTryAgain{2'000};  // after a failure, and at most so often for unknown authorities
constexpr Millis kDeadline{3'000};  // requests may wait for it
constexpr int kUnauthorized = 401;
constexpr int kInternalError = 500;

// A ConfigMap as JSON changes in ways that do not matter; its data does.
std::string DataOf(const std::string& config_map) {
  boost::system::error_code error;
  const auto map = boost::json::parse(config_map, error);
  if (error || !map.is_object()) return config_map;
  const auto* data = map.as_object().if_contains("data");
  return data == nullptr ? "" : boost::json::serialize(*data);
}

}  // namespace

ApiAuthentication::ApiAuthentication(KubeClient& kube, const Clock& clock,
                                     ApiServerMetrics& metrics)
    : kube_(kube), clock_(clock), metrics_(metrics), tokens_(kube, clock, metrics) {
  trust_.no_proxy = "what the cluster trusts was not read yet";
}

void ApiAuthentication::Refresh() {
  if (reading_) return;
  const Millis since = clock_.Monotonic() - read_last_;
  const bool failed = !trust_read_ || !trouble_.empty();
  if (read_last_ == Millis{0} || since >= (failed ? kTryAgain : kReadEach)) Read();
}

void ApiAuthentication::Read() {
  reading_ = true;
  read_last_ = clock_.Monotonic();
  kube_.Get(kClusterTrustPath, kDeadline, [this](Result<std::string> map) {
    Take(std::move(map));
    reading_ = false;
    for (const auto& go_on : std::exchange(waiting_, {})) go_on();
  });
}

void ApiAuthentication::Take(Result<std::string> config_map) {
  auto trust = config_map ? ParseClusterTrust(*config_map)
                          : Result<ClusterTrust>(std::unexpected(config_map.error()));
  if (!trust) {
    metrics_.TrustFailed();
    if (trouble_ == trust.error().message) return;
    trouble_ = trust.error().message;
    if (!trust_read_) trust_.no_proxy = "whom the cluster trusts is not known: " + trouble_;
    return spdlog::error("metrics API: {}{}; trying again", trouble_,
                         trust_read_ ? "; what was read before stays in force"
                                     : "; nobody is believed until it can be read");
  }
  if (!std::exchange(trouble_, {}).empty())
    spdlog::info("metrics API: the cluster's trust is read");
  std::string data = DataOf(*config_map);
  const bool changed = !std::exchange(trust_read_, true) || data != config_map_;
  config_map_ = std::move(data);
  trust_ = std::move(*trust);
  metrics_.TrustRead(clock_.Wall(),
                     trust_.proxy_authorities ? trust_.proxy_authorities->not_after() : 0);
  if (!changed) return;
  if (trust_.proxy_authorities)
    return spdlog::info("metrics API: the front proxy's authority is in force");
  spdlog::error("metrics API: {}; the front proxy is refused", trust_.no_proxy);
}

std::optional<RequestIdentity> ApiAuthentication::ByCertificate(const HttpRequest& request,
                                                                std::string* why) {
  const WallMs now = clock_.Wall();
  auto proxied = FrontProxyIdentity(request, trust_, now);
  if (proxied && *proxied) {
    metrics_.Identified("front_proxy");
    return std::move(*proxied);
  }
  if (!proxied) *why = proxied.error().message;
  auto client = ClientCertificateIdentity(request, trust_, now);
  if (client && *client) {
    metrics_.Identified("client_certificate");
    return std::move(*client);
  }
  if (!client) *why += (why->empty() ? "" : "; ") + client.error().message;
  return std::nullopt;
}

void ApiAuthentication::Identify(const std::shared_ptr<const HttpRequest>& request, Done done) {
  std::string why;
  if (auto identity = ByCertificate(*request, &why)) {
    identity->BeAuthenticated();
    return done(std::move(*identity));
  }
  // An unknown authority may be a new one.
  const bool stale = clock_.Monotonic() - read_last_ >= kTryAgain;
  if (why.empty() || !(reading_ || stale)) return ByToken(*request, why, std::move(done));
  waiting_.push_back([this, request, done = std::move(done)] {
    std::string still;
    auto identity = ByCertificate(*request, &still);
    if (!identity) return ByToken(*request, still, done);
    identity->BeAuthenticated();
    done(std::move(*identity));
  });
  if (!reading_) Read();
}

void ApiAuthentication::ByToken(const HttpRequest& request, const std::string& why, Done done) {
  const std::string_view token = BearerToken(request);
  if (token.empty()) {
    metrics_.Identified("nobody");
    const std::string reason = why.empty() ? "no front proxy, client certificate or token" : why;
    return done(Fail(fmt::format("Unauthorized: {}", reason), kUnauthorized));
  }
  tokens_.Review(token, [this, done = std::move(done)](const Result<TokenReviews::Answer>& answer) {
    if (answer && *answer) {
      metrics_.Identified("token");
      RequestIdentity identity = **answer;
      identity.BeAuthenticated();
      return done(std::move(identity));
    }
    metrics_.Identified("nobody");
    if (answer) return done(Fail("Unauthorized: the token is nobody's", kUnauthorized));
    done(Fail("Internal error occurred: Authentication error: " + answer.error().message,
              kInternalError));
  });
}

}  // namespace routerate
