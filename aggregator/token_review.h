// Whose a bearer token is, by TokenReview (authentication.k8s.io/v1).
#pragma once

#include <optional>
#include <string_view>

#include "aggregator/api_server_metrics.h"
#include "aggregator/kube_client.h"
#include "aggregator/request_identity.h"
#include "aggregator/reviews.h"

namespace routerate {

// Borrows all that it is made of. The loop's thread.
class TokenReviews {
 public:
  // nullopt: nobody's. The failure says why nobody could tell.
  using Answer = std::optional<RequestIdentity>;

  TokenReviews(KubeClient& kube, const Clock& clock, ApiServerMetrics& metrics);
  void Review(std::string_view token, Reviews<Answer>::Done done);

 private:
  Reviews<Answer> reviews_;  // by the token's hash: tokens are not kept
};

}  // namespace routerate
