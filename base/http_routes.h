// Who answers a request: at once, or later for those who must ask someone first.
#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/http_message.h"

namespace routerate {

// Takes the answer to one request, once, on the loop's thread. Dropped without a call, the
// connection is closed.
using HttpDone = std::function<void(HttpResponse)>;

// Made of a function of either form:
//   HttpResponse (const HttpRequest&)                          answers at once
//   void (std::shared_ptr<const HttpRequest>, HttpDone)        answers later
// Called on the loop's thread, one call at a time; must not block for long.
class HttpRoute {
 public:
  template <typename F>
  requires std::invocable<F&, const HttpRequest&> HttpRoute(
      F answer)  // NOLINT(google-explicit-constructor): a function is a route
      : answer_([answer = std::move(answer)](const std::shared_ptr<const HttpRequest>& request,
                                             const HttpDone& done) { done(answer(*request)); }) {}
  template <typename F>
  requires std::invocable<F&, std::shared_ptr<const HttpRequest>, HttpDone> HttpRoute(F answer)
      : answer_(std::move(answer)) {}  // NOLINT(google-explicit-constructor)

  void Answer(std::shared_ptr<const HttpRequest> request, HttpDone done) const {
    answer_(std::move(request), std::move(done));
  }

 private:
  std::function<void(std::shared_ptr<const HttpRequest>, HttpDone)> answer_;
};

using HttpRoutes = std::map<std::string, HttpRoute>;

// GET and HEAD by path. A key that ends in '/' answers for all paths that begin with it, the
// longest such key first; "/" is one page alone. Any other path is a 404 that lists the keys, any
// other method a 405.
HttpRoute ByPath(HttpRoutes routes);

}  // namespace routerate
