// Whether somebody may do what they ask for, by SubjectAccessReview (authorization.k8s.io/v1).
#pragma once

#include <string>

#include "aggregator/api_server_metrics.h"
#include "aggregator/kube_client.h"
#include "aggregator/request_identity.h"
#include "aggregator/request_info.h"
#include "aggregator/reviews.h"

namespace routerate {

// Borrows all that it is made of. The loop's thread.
class AccessReviews {
 public:
  struct Answer {
    bool allowed = false;
    std::string reason;  // the authorizer's, for people
  };

  AccessReviews(KubeClient& kube, const Clock& clock, ApiServerMetrics& metrics);

  // The group system:masters may do anything without a question. What is not allowed by an answer
  // is not allowed; the failure says why there is none. The front proxy's users are first asked
  // about for objects of any name, then for the one.
  void Review(const RequestIdentity& identity, const RequestInfo& info, Reviews<Answer>::Done done);

 private:
  Reviews<Answer> reviews_;
};

// Why not, in the words in which Kubernetes says it.
std::string ForbiddenMessage(const RequestIdentity& identity, const RequestInfo& info,
                             const std::string& reason);

}  // namespace routerate
