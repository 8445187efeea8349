// Whom the cluster trusts to speak for its users: the ConfigMap extension-apiserver-authentication
// in kube-system (k8s.io/apiserver, pkg/server/options/authentication.go).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/certificate.h"
#include "base/result.h"

namespace routerate {

struct ClusterTrust {
  // Who vouches for the front proxy (requestheader-client-ca-file). nullopt: nobody, so that no
  // header is believed; `no_proxy` says why.
  std::optional<CertificateAuthorities> proxy_authorities;
  std::string no_proxy;
  std::vector<std::string> proxy_names;  // common names; empty: any
  std::vector<std::string> user_headers = {"X-Remote-User"};
  std::vector<std::string> uid_headers = {};
  std::vector<std::string> group_headers = {"X-Remote-Group"};
  std::vector<std::string> extra_prefixes = {"X-Remote-Extra-"};
  // Who vouches for clients that come without a proxy (client-ca-file).
  std::optional<CertificateAuthorities> client_authorities;
};

inline constexpr const char* kClusterTrustPath =
    "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";

// Of the ConfigMap as JSON. Fails when it is none, or an entry of it cannot be read: half of what
// the cluster trusts is not what it trusts.
Result<ClusterTrust> ParseClusterTrust(std::string_view json);

}  // namespace routerate
