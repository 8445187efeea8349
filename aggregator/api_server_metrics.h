// What happens at the metrics API's server, a method each, and as metrics. The logic calls these
// and knows nothing of Prometheus.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/http_server.h"

namespace routerate {

enum class Review { kAccess, kToken };  // SubjectAccessReview, TokenReview
enum class ReviewOutcome { kYes, kNo, kFailed, kKept, kShared };

// Any thread.
class ApiServerMetrics {
 public:
  // `group`: the API group that was asked, or "" for paths that are no resource's.
  void Answered(std::string_view group, int status, Millis took);
  // By front_proxy, client_certificate, token; or nobody.
  void Identified(std::string_view by);
  void Reviewed(Review review, ReviewOutcome outcome, Millis took);
  void CertificateLoaded(WallMs not_after);
  void CertificateRefused();
  void TrustRead(WallMs at, WallMs proxy_authorities_end);
  void TrustFailed();
  void ServerStarted(const HttpServerCounts& counts);  // borrowed until ServerStopped
  void ServerStopped();

  // The text exposition format, version 0.0.4; empty before a server has started.
  std::string Scrape(WallMs now) const;

 private:
  using Families = std::vector<prometheus::MetricFamily>;
  struct Took {
    void Add(Millis took);
    std::uint64_t count = 0;
    double seconds = 0;
    std::vector<std::uint64_t> buckets;  // not cumulated
  };
  static prometheus::ClientMetric Histogram(const Took& took);
  void AddRequests(Families* out) const;
  void AddReviews(Families* out) const;
  void AddTrust(WallMs now, Families* out) const;

  mutable std::mutex mutex_;  // guards all below
  std::map<std::pair<std::string, int>, std::uint64_t> answered_;
  Took answering_;
  std::map<std::string, std::uint64_t> identified_;
  std::map<std::pair<Review, ReviewOutcome>, std::uint64_t> reviews_;
  std::map<Review, Took> reviewing_;
  WallMs certificate_end_ = 0;
  std::uint64_t certificates_refused_ = 0;
  WallMs trust_read_at_ = 0;
  WallMs proxy_authorities_end_ = 0;
  std::uint64_t trust_failures_ = 0;
  const HttpServerCounts* server_ = nullptr;
};

}  // namespace routerate
