// Both are told before the page is: what is refused costs next to nothing.
#include "aggregator/http_access.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "aggregator/token_buckets.h"
#include "parsers/utf8.h"

namespace routerate {
namespace {

using Request = std::shared_ptr<const HttpRequest>;

bool IsHealth(const HttpRequest& request) {
  return request.path == "/healthz" || request.path == "/readyz";
}

// RFC 6750, 3: what is wrong is told to those only who showed a token.
HttpResponse Unauthorized(const HttpRequest& request) {
  const bool showed = !request.Values("Authorization").empty();
  return {
      .status = 401,
      .body = fmt::format("{}: send Authorization: Bearer TOKEN, or the token as the password of "
                          "any user (curl -u :TOKEN)\n",
                          showed ? "this is not a token of http.token_file" : "a token is needed"),
      .headers = {{"WWW-Authenticate", fmt::format("Bearer realm=\"routerate\"{}",
                                                   showed ? ", error=\"invalid_token\"" : "")},
                  {"WWW-Authenticate", "Basic realm=\"routerate\", charset=\"UTF-8\""}}};
}

// The buckets of clients, charged by what they ask for and by the thread's time that it takes.
class ClientLimit {
 public:
  ClientLimit(const Clock& clock, std::uint64_t per_second)
      : clock_(clock),
        per_second_(per_second),
        buckets_({.per_second = static_cast<double>(per_second),
                  .burst = static_cast<double>(per_second) * InSeconds(kClientBurst)}) {}

  Millis Wait(const std::string& client) { return buckets_.Wait(client, clock_.Monotonic()); }

  // Runs `what` at the client's expense.
  template <typename What>
  auto Charge(const std::string& client, double requests, const What& what) {
    const Millis begin = clock_.Monotonic();
    auto made = what();
    const Millis end = clock_.Monotonic();
    buckets_.Take(client, requests + InSeconds(end - begin) / InSeconds(kRequestTakes), end);
    return made;
  }

  HttpResponse TooMany(const HttpRequest& request, Millis wait) const {
    return {.status = 429,
            .body = fmt::format("{} asks too much: more than {} requests a second, or for answers "
                                "that take long (http.client_requests_per_second)\n",
                                request.client, per_second_),
            .headers = {{"Retry-After", fmt::format("{}", (wait.count() + 999) / 1000)}}};
  }

 private:
  static double InSeconds(Millis time) { return std::chrono::duration<double>(time).count(); }

  const Clock& clock_;
  std::uint64_t per_second_;
  TokenBuckets buckets_;
};

// A stream whose pieces are charged to its client.
HttpStream Charged(HttpStream stream, const std::shared_ptr<ClientLimit>& limit,
                   const std::string& client) {
  stream.next = [limit, client, next = std::move(stream.next),
                 nothing = std::make_shared<const std::string>()] {
    if (limit->Wait(client) > Millis{0}) return nothing;
    return limit->Charge(client, 0, next);
  };
  return stream;
}

}  // namespace

HttpRoute WithToken(const AccessTokens& tokens, HttpRoute route) {
  return [&tokens, route = std::move(route)](Request request, const HttpDone& done) {
    if (!IsHealth(*request) && !tokens.Admit(*request)) return done(Unauthorized(*request));
    route.Answer(std::move(request), done);
  };
}

HttpRoute WithUtf8(HttpRoute route) {
  return [route = std::move(route)](Request request, const HttpDone& done) {
    const bool readable =
        IsUtf8(request->path) && std::ranges::all_of(request->query, [](auto& pair) {
          return IsUtf8(pair.first) && IsUtf8(pair.second);
        });
    if (!readable) return done({.status = 400, .body = "the path and the query must be UTF-8\n"});
    route.Answer(std::move(request), done);
  };
}

HttpRoute WithClientLimit(const Clock& clock, std::uint64_t per_second, HttpRoute route) {
  return [limit = std::make_shared<ClientLimit>(clock, per_second), route = std::move(route)](
             Request request, HttpDone done) {
    if (IsHealth(*request)) return route.Answer(std::move(request), std::move(done));
    const std::string client = request->client + (request->path == "/metrics" ? " /metrics" : "");
    const Millis wait = limit->Wait(client);
    if (wait > Millis{0}) return done(limit->TooMany(*request, wait));
    limit->Charge(client, 1, [&] {
      route.Answer(request, [limit, client, done](HttpResponse response) {
        if (response.stream) response.stream = Charged(*std::move(response.stream), limit, client);
        done(std::move(response));
      });
      return 0;
    });
  };
}

}  // namespace routerate
