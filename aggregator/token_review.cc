// One question, one answer; what is kept is kept by a hash.
#include "aggregator/token_review.h"

#include <boost/json.hpp>
#include <utility>

namespace routerate {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostTokens = 4096;

std::string Question(std::string_view token) {
  return json::serialize(json::object{{"kind", "TokenReview"},
                                      {"apiVersion", "authentication.k8s.io/v1"},
                                      {"metadata", json::object()},
                                      {"spec", json::object{{"token", token}}}});
}

std::string TextAt(const json::object& in, std::string_view key) {
  const json::value* found = in.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::vector<std::string> Texts(const json::value* list) {
  std::vector<std::string> texts;
  if (list == nullptr || !list->is_array()) return texts;
  for (const json::value& each : list->as_array()) {
    if (each.is_string()) texts.emplace_back(each.as_string());
  }
  return texts;
}

RequestIdentity IdentityIn(const json::object& user) {
  RequestIdentity identity{.user = TextAt(user, "username"), .uid = TextAt(user, "uid")};
  identity.groups = Texts(user.if_contains("groups"));
  const json::value* extra = user.if_contains("extra");
  if (extra == nullptr || !extra->is_object()) return identity;
  for (const auto& [key, values] : extra->as_object()) identity.extra[key] = Texts(&values);
  return identity;
}

Result<TokenReviews::Answer> IdentityAnswered(const Result<std::string>& body) {
  if (!body) return std::unexpected(body.error());
  boost::system::error_code error;
  const json::value review = json::parse(*body, error);
  const json::value* status =
      error || !review.is_object() ? nullptr : review.as_object().if_contains("status");
  if (status == nullptr || !status->is_object())
    return Fail("TokenReview: no status in the answer");
  const json::object& told = status->as_object();
  const json::value* yes = told.if_contains("authenticated");
  if (yes == nullptr || !yes->is_bool() || !yes->as_bool()) return std::nullopt;
  const json::value* user = told.if_contains("user");
  if (user == nullptr || !user->is_object()) return Fail("TokenReview: no user in the answer");
  RequestIdentity identity = IdentityIn(user->as_object());
  if (identity.user.empty()) return std::nullopt;
  return identity;
}

}  // namespace

TokenReviews::TokenReviews(KubeClient& kube, const Clock& clock, ApiServerMetrics& metrics)
    : reviews_(
          kube, clock, metrics,
          {routerate::Review::kToken, "/apis/authentication.k8s.io/v1/tokenreviews", kMostTokens,
           IdentityAnswered, [](const Answer& identity) { return identity.has_value(); }}) {}

void TokenReviews::Review(std::string_view token, Reviews<Answer>::Done done) {
  reviews_.Ask(Question(token), std::move(done));
}

}  // namespace routerate
