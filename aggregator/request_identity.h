// Who asks: a user as Kubernetes knows one (k8s.io/apiserver, pkg/authentication/user).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/cluster_trust.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "base/result.h"

namespace routerate {

struct RequestIdentity {
  std::string user;
  std::string uid = {};
  std::vector<std::string> groups = {};
  std::map<std::string, std::vector<std::string>> extra = {};
  bool from_front_proxy = false;  // whose own authorization has allowed the very request

  bool InGroup(std::string_view group) const;
  // system:authenticated goes without saying.
  void BeAuthenticated();
};

// The user whom the front proxy names in headers. nullopt: the request does not come from a proxy,
// for it shows no certificate or names no user. The failure says why a certificate is not the
// proxy's: then its headers are nobody's word.
Result<std::optional<RequestIdentity>> FrontProxyIdentity(const HttpRequest& request,
                                                          const ClusterTrust& trust, WallMs now);

// The user whose client certificate was shown: its common name, its organizations as groups.
// nullopt: none was, or nobody is known who vouches for clients.
Result<std::optional<RequestIdentity>> ClientCertificateIdentity(const HttpRequest& request,
                                                                 const ClusterTrust& trust,
                                                                 WallMs now);

// The token of "Authorization: Bearer TOKEN"; empty: none.
std::string_view BearerToken(const HttpRequest& request);

// Takes out what was said of the user, so that nothing behind this can believe it.
void DropIdentityHeaders(const ClusterTrust& trust, HttpHeaders* headers);

}  // namespace routerate
