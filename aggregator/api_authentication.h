// Who asks, by whichever way says it: the front proxy's headers, a client certificate, a token.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "aggregator/api_server_metrics.h"
#include "aggregator/cluster_trust.h"
#include "aggregator/kube_client.h"
#include "aggregator/request_identity.h"
#include "aggregator/token_review.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "base/result.h"

namespace routerate {

// Borrows all that it is made of. The loop's thread.
class ApiAuthentication {
 public:
  ApiAuthentication(KubeClient& kube, const Clock& clock, ApiServerMetrics& metrics);

  // Who asks; the failure says why nobody is known to. Its code is 401, or 500 when those who know
  // could not be asked.
  using Done = std::function<void(Result<RequestIdentity>)>;
  void Identify(const std::shared_ptr<const HttpRequest>& request, Done done);

  // Reads what the cluster trusts if it is time; call it every second or so.
  void Refresh();

  // Whether it was read at all. Until then nobody is known by a certificate.
  bool ready() const { return trust_read_; }
  const std::string& trouble() const { return trouble_; }  // why the last reading failed
  const ClusterTrust& trust() const { return trust_; }

 private:
  void Read();
  void Take(Result<std::string> config_map);
  // The identity by certificates alone; nullopt and *why: none.
  std::optional<RequestIdentity> ByCertificate(const HttpRequest& request, std::string* why);
  void ByToken(const HttpRequest& request, const std::string& why, Done done);

  KubeClient& kube_;
  const Clock& clock_;
  ApiServerMetrics& metrics_;
  TokenReviews tokens_;
  ClusterTrust trust_;
  std::string config_map_;  // what trust_ was made of
  bool trust_read_ = false;
  bool reading_ = false;
  std::string trouble_;
  Millis read_last_{0};
  std::vector<std::function<void()>> waiting_;  // for the reading that is on its way
};

}  // namespace routerate
