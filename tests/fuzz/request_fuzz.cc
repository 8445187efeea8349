// Requests to the metrics API: a method, a space and the target of a request line, of any bytes.
// What is authorized must be parts of the path that is served.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aggregator/request_info.h"
#include "tests/fuzz/checked_event.h"
#include "tests/fuzz/fuzzed_request.h"

namespace routerate {
namespace {

bool IsPart(const RequestInfo& info, std::string_view text) {
  const auto parts = PathParts(info.path);
  return text.empty() || std::ranges::find(parts, text) != parts.end();
}

void Check(const HttpRequest& request) {
  const RequestInfo info = ParseRequestInfo(request);
  Promise(info.path == request.path, "the path is the request's", request.path);
  Promise(ParseRequestInfo(request) == info, "a request is about one thing", request.path);
  for (const std::string* text : {&info.group, &info.version, &info.name_space, &info.resource,
                                  &info.subresource, &info.name}) {
    Promise(IsPart(info, *text), "what is asked for is part of the path", request.path);
    Promise(info.is_resource || text->empty(), "what is no resource has no parts", request.path);
  }
  if (!IsPlainPath(request.path)) return;
  Promise(!info.is_resource || !info.resource.empty(), "a resource has a name", request.path);
  Promise(!info.is_resource || !info.version.empty(), "a resource has a version", request.path);
  const bool unnamed = info.name.empty() && info.subresource.empty();
  Promise(unnamed || info.verb != "list", "who lists asks for no name", request.path);
  std::string again = "/";
  for (const std::string_view part : PathParts(request.path)) {
    Promise(!part.empty() && part != "..", "a plain path has plain parts", request.path);
    again += std::string(again.size() > 1 ? "/" : "") + std::string(part);
  }
  const std::size_t slash = request.path.ends_with('/') && again.size() > 1 ? 1 : 0;
  Promise(again.size() + slash <= request.path.size() + 1, "parts lose nothing", request.path);
  HttpRequest same{.method = request.method, .path = again, .query = request.query};
  RequestInfo info_again = ParseRequestInfo(same);
  info_again.path = info.path;
  Promise(info_again == info, "slashes at the ends change nothing", request.path);
}

}  // namespace
}  // namespace routerate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  routerate::Check(routerate::FuzzedRequest(text));
  return 0;
}
