// The question is a function of user and request, and its hash is what an answer is kept by: no
// field that the authorizer sees can be left out of the key. Hundreds of HPAs ask each for an
// object of its own, less often than answers are kept: one question about all names spares one for
// each.
#include "aggregator/access_review.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

namespace routerate {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostDecisions = 16'384;
constexpr std::string_view kMasters = "system:masters";

json::object Attributes(const RequestInfo& info) {
  if (!info.is_resource) return {{"path", info.path}, {"verb", info.verb}};
  json::object attributes{{"verb", info.verb}};
  const std::pair<const char*, const std::string*> fields[] = {
      {"namespace", &info.name_space},    {"group", &info.group},
      {"version", &info.version},         {"resource", &info.resource},
      {"subresource", &info.subresource}, {"name", &info.name}};
  for (const auto& [key, value] : fields) {
    if (!value->empty()) attributes.emplace(key, *value);
  }
  return attributes;
}

json::array ArrayOf(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

std::string Question(const RequestIdentity& identity, const RequestInfo& info) {
  json::object spec{{"user", identity.user}};
  if (!identity.uid.empty()) spec.emplace("uid", identity.uid);
  if (!identity.groups.empty()) spec.emplace("groups", ArrayOf(identity.groups));
  json::object extra;
  for (const auto& [key, values] : identity.extra) extra.emplace(key, ArrayOf(values));
  if (!extra.empty()) spec.emplace("extra", std::move(extra));
  spec.emplace(info.is_resource ? "resourceAttributes" : "nonResourceAttributes", Attributes(info));
  return json::serialize(json::object{{"kind", "SubjectAccessReview"},
                                      {"apiVersion", "authorization.k8s.io/v1"},
                                      {"metadata", json::object()},
                                      {"spec", std::move(spec)}});
}

bool IsSet(const json::object& in, std::string_view key) {
  const json::value* found = in.if_contains(key);
  return found != nullptr && found->is_bool() && found->as_bool();
}

Result<AccessReviews::Answer> DecisionIn(const Result<std::string>& body) {
  if (!body) return std::unexpected(body.error());
  boost::system::error_code error;
  const json::value review = json::parse(*body, error);
  const json::value* status =
      error || !review.is_object() ? nullptr : review.as_object().if_contains("status");
  if (status == nullptr || !status->is_object()) {
    return Fail("SubjectAccessReview: no status in the answer");
  }
  const json::object& told = status->as_object();
  AccessReviews::Answer answer{.allowed = IsSet(told, "allowed") && !IsSet(told, "denied")};
  for (const std::string_view key : {"reason", "evaluationError"}) {
    const json::value* text_of = told.if_contains(key);
    if (text_of == nullptr || !text_of->is_string() || text_of->as_string().empty()) continue;
    if (!answer.reason.empty()) answer.reason += ": ";
    answer.reason += text_of->as_string();
  }
  return answer;
}

// kube-apiserver has judged the exact request of such a user: ours is a second look.
bool MayBeAskedForAll(const RequestIdentity& identity, const RequestInfo& info) {
  return identity.from_front_proxy && info.is_resource && !info.name.empty() && info.name != "*";
}

}  // namespace

AccessReviews::AccessReviews(KubeClient& kube, const Clock& clock, ApiServerMetrics& metrics)
    : reviews_(kube, clock, metrics,
               {routerate::Review::kAccess, "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                kMostDecisions, DecisionIn, [](const Answer& answer) { return answer.allowed; }}) {}

void AccessReviews::Review(const RequestIdentity& identity, const RequestInfo& info,
                           Reviews<Answer>::Done done) {
  if (identity.InGroup(kMasters)) return done(Answer{.allowed = true});
  if (!MayBeAskedForAll(identity, info)) {
    return reviews_.Ask(Question(identity, info), std::move(done));
  }
  RequestInfo all = info;
  all.name.clear();  // to SubjectAccessReview, none is all
  reviews_.Ask(Question(identity, all),
               [this, identity, info, done = std::move(done)](const Result<Answer>& of_all) {
                 if (!of_all || of_all->allowed) return done(of_all);
                 reviews_.Ask(Question(identity, info), done);
               });
}

std::string ForbiddenMessage(const RequestIdentity& identity, const RequestInfo& info,
                             const std::string& reason) {
  const std::string why = reason.empty() ? "" : ": " + reason;
  if (!info.is_resource) {
    return fmt::format("forbidden: User \"{}\" cannot {} path \"{}\"{}", identity.user, info.verb,
                       info.path, why);
  }
  const std::string resource =
      info.group.empty() ? info.resource : info.resource + "." + info.group;
  const std::string name = info.name.empty() ? "" : fmt::format(" \"{}\"", info.name);
  const std::string part = info.subresource.empty() ? "" : "/" + info.subresource;
  const std::string where = info.name_space.empty()
                                ? "at the cluster scope"
                                : fmt::format("in the namespace \"{}\"", info.name_space);
  return fmt::format(
      "{}{} is forbidden: User \"{}\" cannot {} resource \"{}{}\" in API group \"{}\" {}{}",
      resource, name, identity.user, info.verb, info.resource, part, info.group, where, why);
}

}  // namespace routerate
