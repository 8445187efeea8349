// Three ways to say who one is, each judged as k8s.io/apiserver judges it
// (pkg/authentication/request: headerrequest, x509, bearertoken).
#include "aggregator/request_identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace routerate {
namespace {

constexpr std::string_view kAuthenticated = "system:authenticated";

// The one value of the first of `names` that has any. Two values would be two users.
Result<std::string> OnlyValue(const HttpRequest& request, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto values = request.Values(name);
    if (values.size() > 1) return Fail(fmt::format("the header {} is repeated", name));
    if (!values.empty() && !values.front().empty()) return std::string(values.front());
  }
  return std::string();
}

void AddExtra(const HttpRequest& request, const std::string& prefix, RequestIdentity* identity) {
  for (const HttpHeader& header : request.headers) {
    if (header.name.size() <= prefix.size()) continue;
    if (!SameHeader(std::string_view(header.name).substr(0, prefix.size()), prefix)) continue;
    const std::string key = PercentDecoded(AsciiLowered(header.name.substr(prefix.size())));
    identity->extra[key].push_back(header.value);
  }
}

Result<std::optional<RequestIdentity>> NamedInHeaders(const HttpRequest& request,
                                                      const ClusterTrust& trust) {
  auto user = OnlyValue(request, trust.user_headers);
  if (!user) return std::unexpected(std::move(user.error()));
  if (user->empty()) return std::nullopt;
  auto uid = OnlyValue(request, trust.uid_headers);
  if (!uid) return std::unexpected(std::move(uid.error()));
  RequestIdentity identity{
      .user = std::move(*user), .uid = std::move(*uid), .from_front_proxy = true};
  for (const std::string& name : trust.group_headers) {
    for (const std::string_view group : request.Values(name)) identity.groups.emplace_back(group);
  }
  for (const std::string& prefix : trust.extra_prefixes) AddExtra(request, prefix, &identity);
  return identity;
}

bool OneOf(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::any_of(names, [name](const auto& each) { return SameHeader(each, name); });
}

}  // namespace

bool RequestIdentity::InGroup(std::string_view group) const {
  return std::ranges::find(groups, group) != groups.end();
}

void RequestIdentity::BeAuthenticated() {
  if (!InGroup(kAuthenticated) && !InGroup("system:unauthenticated")) {
    groups.emplace_back(kAuthenticated);
  }
}

Result<std::optional<RequestIdentity>> FrontProxyIdentity(const HttpRequest& request,
                                                          const ClusterTrust& trust, WallMs now) {
  if (!request.peer) return std::nullopt;
  if (!trust.proxy_authorities) return Fail(trust.no_proxy);
  if (auto verified = trust.proxy_authorities->VerifyClient(*request.peer, now); !verified) {
    return Fail(fmt::format("the client certificate is not the front proxy's: {}",
                            verified.error().message));
  }
  const auto leaf = ReadCertificate(request.peer->front());
  if (!leaf)
    return Fail("the client certificate is not the front proxy's: " + leaf.error().message);
  if (!trust.proxy_names.empty() &&
      std::ranges::find(trust.proxy_names, leaf->common_name) == trust.proxy_names.end()) {
    return Fail(fmt::format("the client certificate's name '{}' is none of the front proxy's",
                            leaf->common_name));
  }
  return NamedInHeaders(request, trust);
}

Result<std::optional<RequestIdentity>> ClientCertificateIdentity(const HttpRequest& request,
                                                                 const ClusterTrust& trust,
                                                                 WallMs now) {
  if (!request.peer || !trust.client_authorities) return std::nullopt;
  if (auto verified = trust.client_authorities->VerifyClient(*request.peer, now); !verified) {
    return Fail(fmt::format("the client certificate is no client's: {}", verified.error().message));
  }
  auto leaf = ReadCertificate(request.peer->front());
  if (!leaf) return Fail("the client certificate is no client's: " + leaf.error().message);
  if (leaf->common_name.empty()) return std::nullopt;
  return RequestIdentity{.user = std::move(leaf->common_name),
                         .groups = std::move(leaf->organizations)};
}

std::string_view BearerToken(const HttpRequest& request) {
  const auto values = request.Values("Authorization");
  constexpr std::string_view kScheme = "bearer ";
  if (values.size() != 1 || values.front().size() <= kScheme.size()) return {};
  if (!SameHeader(values.front().substr(0, kScheme.size()), kScheme)) return {};
  std::string_view token = values.front().substr(kScheme.size());
  while (token.starts_with(' ')) token.remove_prefix(1);
  return token.substr(0, token.find(' '));
}

void DropIdentityHeaders(const ClusterTrust& trust, HttpHeaders* headers) {
  std::erase_if(*headers, [&trust](const HttpHeader& header) {
    const auto begins = [&header](const std::string& prefix) {
      return SameHeader(std::string_view(header.name).substr(0, prefix.size()), prefix);
    };
    return SameHeader(header.name, "Authorization") || OneOf(trust.user_headers, header.name) ||
           OneOf(trust.uid_headers, header.name) || OneOf(trust.group_headers, header.name) ||
           std::ranges::any_of(trust.extra_prefixes, begins);
  });
}

}  // namespace routerate
