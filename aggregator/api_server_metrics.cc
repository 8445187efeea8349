// Counters under one lock, which is held for moments: requests are few, and scrapes fewer.
#include "aggregator/api_server_metrics.h"

#include <prometheus/text_serializer.h>

#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "aggregator/family_metrics.h"

namespace routerate {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Families = std::vector<MetricFamily>;

constexpr std::array<double, 9> kBounds = {
    0.001, 0.005, 0.02, 0.1, 0.3, 1, 3, 10, std::numeric_limits<double>::infinity()};

std::string NameOf(Review review) {
  return review == Review::kAccess ? "SubjectAccessReview" : "TokenReview";
}

std::string NameOf(ReviewOutcome outcome) {
  constexpr std::array<const char*, 5> kNames = {"yes", "no", "failed", "kept", "shared"};
  return kNames[static_cast<std::size_t>(outcome)];
}

double Seconds(WallMs ms) { return static_cast<double>(ms) / 1000; }

void AddSingle(Families* out, std::string name, std::string help, MetricType type, double value) {
  out->push_back(SingleFamily(std::move(name), std::move(help), type, value));
}

void AddServer(Families* out, const HttpServerCounts& counts) {
  const auto count = [out](const char* name, const char* help, std::uint64_t value) {
    AddSingle(out, name, help, MetricType::Counter, static_cast<double>(value));
  };
  AddSingle(out, "routerate_api_connections", "Connections of the metrics API that are open.",
            MetricType::Gauge, static_cast<double>(counts.open.load()));
  count("routerate_api_connections_total", "Connections accepted.", counts.accepted);
  count("routerate_api_evicted_connections_total",
        "Connections closed to make room for newer ones.", counts.evicted);
  count("routerate_api_turned_away_connections_total",
        "Connections closed at once, for nobody could make room.", counts.turned_away);
  count("routerate_api_failed_handshakes_total",
        "TLS handshakes that failed: wrong protocol or version, or too slow.",
        counts.failed_handshakes);
  count("routerate_api_refused_requests_total",
        "Requests that were malformed or over a limit of size.", counts.refused_requests);
}

}  // namespace

void ApiServerMetrics::Took::Add(Millis took) {
  const double seconds_now = Seconds(took.count());
  std::size_t at = 0;
  while (seconds_now > kBounds[at]) ++at;
  buckets.resize(kBounds.size());
  ++buckets[at];
  ++count;
  seconds += seconds_now;
}

void ApiServerMetrics::Answered(std::string_view group, int status, Millis took) {
  const std::lock_guard lock(mutex_);
  // Anybody may ask for any group; only ours are worth a series.
  const bool ours = group == "custom.metrics.k8s.io" || group == "external.metrics.k8s.io";
  ++answered_[{ours ? std::string(group) : "", status}];
  answering_.Add(took);
}

void ApiServerMetrics::Identified(std::string_view by) {
  const std::lock_guard lock(mutex_);
  ++identified_[std::string(by)];
}

void ApiServerMetrics::Reviewed(Review review, ReviewOutcome outcome, Millis took) {
  const std::lock_guard lock(mutex_);
  ++reviews_[{review, outcome}];
  if (outcome != ReviewOutcome::kKept && outcome != ReviewOutcome::kShared) {
    reviewing_[review].Add(took);
  }
}

void ApiServerMetrics::CertificateLoaded(WallMs not_after) {
  const std::lock_guard lock(mutex_);
  certificate_end_ = not_after;
}

void ApiServerMetrics::CertificateRefused() {
  const std::lock_guard lock(mutex_);
  ++certificates_refused_;
}

void ApiServerMetrics::TrustRead(WallMs at, WallMs proxy_authorities_end) {
  const std::lock_guard lock(mutex_);
  trust_read_at_ = at;
  proxy_authorities_end_ = proxy_authorities_end;
}

void ApiServerMetrics::TrustFailed() {
  const std::lock_guard lock(mutex_);
  ++trust_failures_;
}

void ApiServerMetrics::ServerStarted(const HttpServerCounts& counts) {
  const std::lock_guard lock(mutex_);
  server_ = &counts;
}

void ApiServerMetrics::ServerStopped() {
  const std::lock_guard lock(mutex_);
  server_ = nullptr;
}

prometheus::ClientMetric ApiServerMetrics::Histogram(const Took& took) {
  ClientMetric metric;
  metric.histogram.sample_count = took.count;
  metric.histogram.sample_sum = took.seconds;
  metric.histogram.bucket.reserve(took.buckets.size());
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < took.buckets.size(); ++i) {
    sum += took.buckets[i];
    metric.histogram.bucket.push_back({sum, kBounds[i]});
  }
  return metric;
}

void ApiServerMetrics::AddRequests(Families* out) const {
  MetricFamily answered{"routerate_api_requests_total",
                        "Requests to the metrics API by API group and status; without a group: "
                        "discovery and all else.",
                        MetricType::Counter,
                        {}};
  for (const auto& [key, count] : answered_) {
    AddValue(answered, {{"group", key.first}, {"code", std::to_string(key.second)}},
             static_cast<double>(count));
  }
  out->push_back(std::move(answered));
  out->push_back({"routerate_api_request_duration_seconds",
                  "Time to an answer, with the reviews that it took.",
                  MetricType::Histogram,
                  {Histogram(answering_)}});
  MetricFamily identified{"routerate_api_identified_total",
                          "Requests by how their user was found.",
                          MetricType::Counter,
                          {}};
  for (const auto& [by, count] : identified_) {
    AddValue(identified, {{"by", by}}, static_cast<double>(count));
  }
  out->push_back(std::move(identified));
}

void ApiServerMetrics::AddReviews(Families* out) const {
  MetricFamily reviews{"routerate_api_reviews_total",
                       "Questions to the cluster's API server by outcome; kept and shared ones "
                       "were not asked again.",
                       MetricType::Counter,
                       {}};
  for (const auto& [key, count] : reviews_) {
    AddValue(reviews, {{"review", NameOf(key.first)}, {"outcome", NameOf(key.second)}},
             static_cast<double>(count));
  }
  out->push_back(std::move(reviews));
  MetricFamily reviewing{"routerate_api_review_duration_seconds",
                         "Time that the cluster's API server took for a review.",
                         MetricType::Histogram,
                         {}};
  for (const auto& [review, took] : reviewing_) {
    reviewing.metric.push_back(Histogram(took));
    reviewing.metric.back().label = {{"review", NameOf(review)}};
  }
  out->push_back(std::move(reviewing));
}

void ApiServerMetrics::AddTrust(WallMs now, Families* out) const {
  AddSingle(out, "routerate_api_certificate_expiry_timestamp_seconds",
            "When the metrics API's own certificate ends.", MetricType::Gauge,
            Seconds(certificate_end_));
  AddSingle(out, "routerate_api_refused_certificates_total",
            "Looks at certificate files that could not be used; the one before stays in force.",
            MetricType::Counter, static_cast<double>(certificates_refused_));
  AddSingle(out, "routerate_api_trust_failures_total",
            "Failures to read whom the cluster trusts (extension-apiserver-authentication).",
            MetricType::Counter, static_cast<double>(trust_failures_));
  if (trust_read_at_ == 0) return;
  AddSingle(out, "routerate_api_trust_age_seconds", "Since whom the cluster trusts was read.",
            MetricType::Gauge, Seconds(now - trust_read_at_));
  AddSingle(out, "routerate_api_proxy_authority_expiry_timestamp_seconds",
            "When the front proxy's authority ends; 0: there is none.", MetricType::Gauge,
            Seconds(proxy_authorities_end_));
}

std::string ApiServerMetrics::Scrape(WallMs now) const {
  const std::lock_guard lock(mutex_);
  if (server_ == nullptr) return {};
  Families out;
  AddRequests(&out);
  AddReviews(&out);
  AddServer(&out, *server_);
  AddTrust(now, &out);
  return prometheus::TextSerializer().Serialize(out);
}

}  // namespace routerate
