// Says what it was told to say, and remembers what it was asked.
#include "tests/aggregator/stand_in_api_server.h"

#include <boost/json.hpp>
#include <utility>

#include "base/check.h"

namespace routerate {
namespace {

namespace json = boost::json;

}  // namespace

StandInApiServer::StandInApiServer() {
  const auto shown = Issue(authority_, {.common_name = "kube-apiserver", .names = "IP:127.0.0.1"});
  WallMs not_after = 0;
  auto tls = ServerTlsContext(shown.certificate, shown.key, &not_after);
  RR_CHECK(tls.has_value());
  HttpServerOptions options{.listen = "127.0.0.1:0",
                            .route = [this](const std::shared_ptr<const HttpRequest>& request,
                                            HttpDone done) { Answer(*request, std::move(done)); },
                            .tls = [context = *tls] { return context; },
                            .limits = {.body_bytes = 1 << 20}};
  auto listening = HttpServer::Listen(loop_, std::move(options));
  RR_CHECK(listening.has_value());
  server_ = std::move(*listening);
  thread_.emplace(loop_);
}

void StandInApiServer::SetTrust(const std::map<std::string, std::string>& data) {
  const std::lock_guard lock(mutex_);
  json::object entries;
  for (const auto& [key, value] : data) entries.emplace(key, value);
  trust_ = json::serialize(json::object{{"kind", "ConfigMap"}, {"data", entries}});
}

void StandInApiServer::DropTrust() {
  const std::lock_guard lock(mutex_);
  trust_.clear();
}

void StandInApiServer::SetMood(Mood mood) {
  const std::lock_guard lock(mutex_);
  mood_ = mood;
}

std::size_t StandInApiServer::Asked(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = asked_.find(path);
  return found == asked_.end() ? 0 : found->second.size();
}

std::string StandInApiServer::LastSpec(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return json::serialize(json::parse(asked_.at(path).back()).at("spec"));
}

void StandInApiServer::Answer(const HttpRequest& request, HttpDone done) {
  const std::lock_guard lock(mutex_);
  asked_[request.path].push_back(request.body);
  if (request.Values("Authorization") != std::vector<std::string_view>{"Bearer of-the-pod"}) {
    return done({401, "application/json", R"({"kind":"Status","message":"Unauthorized"})"});
  }
  if (request.path.ends_with("extension-apiserver-authentication")) {
    if (trust_.empty()) {
      return done({404, "application/json", R"({"kind":"Status","message":"not found"})"});
    }
    return done({200, "application/json", trust_});
  }
  if (mood_ == Mood::kSilent) return silent_.push_back(std::move(done));
  if (mood_ == Mood::kGarbage) return done({201, "text/html", "<html>"});
  if (mood_ == Mood::kBroken) return done({500, "application/json", R"({"message":"etcd"})"});
  done({201, "application/json", Review(request)});
}

std::string StandInApiServer::Review(const HttpRequest& request) const {
  json::object status;
  if (request.path == kAccess) {
    const bool web = request.body.contains(R"("name":"web")");
    const bool allowed = mood_ == Mood::kAllow || (mood_ == Mood::kAllowWeb && web);
    status = {{"allowed", allowed}, {"reason", "because"}};
  } else if (json::parse(request.body).at("spec").at("token") == "of-ann") {
    status = {{"authenticated", true},
              {"user", json::object{{"username", "ann"}, {"groups", {"dev"}}}}};
  } else {
    status = {{"authenticated", false}};
  }
  return json::serialize(json::object{{"status", status}});
}

}  // namespace routerate
