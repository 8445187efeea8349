// What a request is about, as the authorization of Kubernetes sees it (k8s.io/apiserver,
// pkg/endpoints/request/requestinfo.go): a verb on a resource, or on a path that is none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/http_message.h"

namespace routerate {

struct RequestInfo {
  std::string verb;  // get, list, watch, create, ...; of a path that is no resource's, the method
  std::string path;
  bool is_resource = false;
  // Of a resource:
  std::string group;  // empty: the core group
  std::string version;
  std::string name_space;  // empty: none, or the namespace itself is no part of the request
  std::string resource;
  std::string subresource;
  std::string name;

  bool operator==(const RequestInfo&) const = default;
};

// "pods/http_requests.custom.metrics.k8s.io in namespace shop", for people.
std::string Described(const RequestInfo& info);

// The parts of a path between its slashes; those at its ends count for nothing.
std::vector<std::string_view> PathParts(std::string_view path);

// A path that means the same to everybody who takes it apart: valid UTF-8 without control
// characters, no part of it empty, "." or "..".
bool IsPlainPath(std::string_view path);

RequestInfo ParseRequestInfo(const HttpRequest& request);

}  // namespace routerate
