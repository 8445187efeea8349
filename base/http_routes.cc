// The longest key that fits a path answers.
#include "base/http_routes.h"

#include <string_view>

namespace routerate {
namespace {

const HttpRoute* Find(const HttpRoutes& routes, std::string_view path) {
  if (const auto exact = routes.find(std::string(path)); exact != routes.end()) {
    return &exact->second;
  }
  for (std::size_t slash = path.rfind('/'); slash > 0 && slash != std::string_view::npos;
       slash = path.rfind('/', slash - 1)) {
    const auto found = routes.find(std::string(path.substr(0, slash + 1)));
    if (found != routes.end()) return &found->second;
  }
  return nullptr;
}

HttpResponse NotFound(const HttpRoutes& routes) {
  HttpResponse response{.status = 404, .body = "not found; here are:"};
  for (const auto& [path, route] : routes) response.body += " " + path;
  response.body += "\n";
  return response;
}

HttpResponse WrongMethod() {
  return {.status = 405, .body = "only GET and HEAD\n", .headers = {{"Allow", "GET, HEAD"}}};
}

}  // namespace

HttpRoute ByPath(HttpRoutes routes) {
  return HttpRoute([routes = std::move(routes)](std::shared_ptr<const HttpRequest> request,
                                                const HttpDone& done) {
    if (request->method != "GET" && request->method != "HEAD") return done(WrongMethod());
    const HttpRoute* route = Find(routes, request->path);
    if (route == nullptr) return done(NotFound(routes));
    route->Answer(std::move(request), done);
  });
}

}  // namespace routerate
