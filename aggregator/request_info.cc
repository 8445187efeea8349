// Follows the order of the rules in requestinfo.go, for what is authorized must be what is served.
// Field selectors do not narrow what is asked for: nothing here heeds them.
#include "aggregator/request_info.h"

#include <algorithm>
#include <span>

#include "base/ascii.h"
#include "parsers/utf8.h"

namespace routerate {
namespace {

using Parts = std::span<const std::string_view>;

std::string VerbOf(std::string_view method) {
  if (method == "GET" || method == "HEAD") return "get";
  if (method == "POST") return "create";
  if (method == "PUT") return "update";
  if (method == "PATCH") return "patch";
  if (method == "DELETE") return "delete";
  return {};
}

// A flag in a query is set unless it says no.
bool IsSet(const HttpRequest& request, const std::string& key) {
  const auto found = request.query.find(key);
  if (found == request.query.end()) return false;
  return found->second != "0" && AsciiLowered(found->second) != "false";
}

// /namespaces/NAME is about the namespace; with more behind it, about what is in it, but for the
// namespace's own subresources.
Parts TakeNamespace(Parts parts, RequestInfo* info) {
  if (parts[0] != "namespaces" || parts.size() < 2) return parts;
  info->name_space = parts[1];
  if (parts.size() < 3 || parts[2] == "status" || parts[2] == "finalize") return parts;
  return parts.subspan(2);
}

void TakeResource(Parts parts, const HttpRequest& request, RequestInfo* info) {
  info->resource = parts[0];
  if (parts.size() >= 2) info->name = parts[1];
  if (parts.size() >= 3 && info->verb != "proxy") info->subresource = parts[2];
  if (!info->name.empty()) return;
  if (info->verb == "get") info->verb = IsSet(request, "watch") ? "watch" : "list";
  if (info->verb == "delete") info->verb = "deletecollection";
}

}  // namespace

std::vector<std::string_view> PathParts(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    parts.push_back(path.substr(0, path.find('/')));
    path.remove_prefix(std::min(path.size(), parts.back().size() + 1));
  }
  return parts;
}

bool IsPlainPath(std::string_view path) {
  if (!path.starts_with('/')) return false;
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::ranges::any_of(path, control)) return false;
  const auto odd = [](std::string_view part) {
    return part.empty() || part == "." || part == "..";
  };
  if (std::ranges::any_of(PathParts(path), odd) || path.starts_with("//") || path.ends_with("//")) {
    return false;
  }
  return IsUtf8(path);
}

RequestInfo ParseRequestInfo(const HttpRequest& request) {
  RequestInfo info{.verb = AsciiLowered(request.method), .path = request.path};
  const std::vector<std::string_view> all = PathParts(request.path);
  Parts parts(all);
  if (parts.size() < 3) return info;
  if (parts[0] != "api" && parts[0] != "apis") return info;
  const bool has_group = parts[0] == "apis";
  if (has_group && parts.size() < 4) return info;
  info.is_resource = true;
  parts = parts.subspan(1);
  if (has_group) {
    info.group = parts[0];
    parts = parts.subspan(1);
  }
  info.version = parts[0];
  parts = parts.subspan(1);
  if ((parts[0] == "proxy" || parts[0] == "watch") && parts.size() >= 2) {
    info.verb = parts[0];
    parts = parts.subspan(1);
  } else {
    info.verb = VerbOf(request.method);
  }
  TakeResource(TakeNamespace(parts, &info), request, &info);
  return info;
}

std::string Described(const RequestInfo& info) {
  if (!info.is_resource) return info.verb + " of path " + info.path;
  std::string out = info.verb + " of " + info.resource;
  if (!info.subresource.empty()) out += "/" + info.subresource;
  out += "." + info.group;
  if (!info.name_space.empty()) out += " in namespace " + info.name_space;
  return out;
}

}  // namespace routerate
