// The ConfigMap's entries are texts: PEM, and JSON lists of texts.
#include "aggregator/cluster_trust.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

namespace routerate {
namespace {

namespace json = boost::json;

// The texts of an entry that is a JSON list; *out stays when there is no such entry.
Result<void> ReadList(const json::object& data, std::string_view key,
                      std::vector<std::string>* out) {
  const json::value* entry = data.if_contains(key);
  if (entry == nullptr) return {};
  boost::system::error_code error;
  const json::value list =
      entry->is_string() ? json::parse(std::string_view(entry->as_string()), error) : json::value();
  if (error || !list.is_array()) return Fail(fmt::format("{}: not a list of texts in JSON", key));
  out->clear();
  for (const json::value& each : list.as_array()) {
    if (!each.is_string()) return Fail(fmt::format("{}: not a list of texts in JSON", key));
    if (!each.as_string().empty()) out->emplace_back(each.as_string());
  }
  return {};
}

Result<void> ReadAuthorities(const json::object& data, std::string_view key,
                             std::optional<CertificateAuthorities>* out) {
  const json::value* entry = data.if_contains(key);
  if (entry == nullptr || !entry->is_string() || entry->as_string().empty()) return {};
  auto authorities = CertificateAuthorities::Parse(entry->as_string());
  if (!authorities) return Fail(fmt::format("{}: {}", key, authorities.error().message));
  *out = std::move(*authorities);
  return {};
}

Result<void> Read(const json::object& data, ClusterTrust* trust) {
  const std::pair<std::string_view, std::optional<CertificateAuthorities>*> authorities[] = {
      {"requestheader-client-ca-file", &trust->proxy_authorities},
      {"client-ca-file", &trust->client_authorities}};
  for (const auto& [key, of] : authorities) {
    if (auto read = ReadAuthorities(data, key, of); !read) return read;
  }
  const std::pair<std::string_view, std::vector<std::string>*> lists[] = {
      {"requestheader-allowed-names", &trust->proxy_names},
      {"requestheader-username-headers", &trust->user_headers},
      {"requestheader-uid-headers", &trust->uid_headers},
      {"requestheader-group-headers", &trust->group_headers},
      {"requestheader-extra-headers-prefix", &trust->extra_prefixes}};
  for (const auto& [key, list] : lists) {
    if (auto read = ReadList(data, key, list); !read) return read;
  }
  return {};
}

}  // namespace

Result<ClusterTrust> ParseClusterTrust(std::string_view text) {
  boost::system::error_code error;
  const json::value map = json::parse(text, error);
  if (error || !map.is_object()) return Fail("not a ConfigMap in JSON");
  const json::value* data = map.as_object().if_contains("data");
  ClusterTrust trust;
  if (data != nullptr && data->is_object()) {
    if (auto read = Read(data->as_object(), &trust); !read) {
      return std::unexpected(std::move(read.error()));
    }
  }
  if (!trust.proxy_authorities) {
    trust.no_proxy =
        "the ConfigMap kube-system/extension-apiserver-authentication has no "
        "requestheader-client-ca-file: kube-apiserver needs --requestheader-client-ca-file";
  }
  return trust;
}

}  // namespace routerate
