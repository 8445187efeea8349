// A cluster's API server as far as ours asks it: the trust ConfigMap, SubjectAccessReview and
// TokenReview over real TLS, answered as a test wants.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/http_server.h"
#include "tests/made_certificate.h"

namespace routerate {

class StandInApiServer {
 public:
  enum class Mood { kAllow, kAllowWeb, kDeny, kSilent, kGarbage, kBroken };
  static constexpr const char* kAccess = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
  static constexpr const char* kToken = "/apis/authentication.k8s.io/v1/tokenreviews";

  // kAllowWeb: what is of that name.
  StandInApiServer();

  std::string url() const { return "https://127.0.0.1:" + std::to_string(server_->port()); }
  const std::string& authority() const { return authority_.certificate; }

  // The entries of the ConfigMap; without a call there is none. Any thread, as all below.
  void SetTrust(const std::map<std::string, std::string>& data);
  void DropTrust();
  void SetMood(Mood mood);
  // How often a path was asked for.
  std::size_t Asked(const std::string& path) const;
  // The body of the last time, its `spec` in JSON.
  std::string LastSpec(const std::string& path) const;

 private:
  void Answer(const HttpRequest& request, HttpDone done);
  std::string Review(const HttpRequest& request) const;

  const MadeCertificate authority_ = MakeAuthority("cluster");
  mutable std::mutex mutex_;  // guards what is asked and how it is answered
  std::string trust_;
  Mood mood_ = Mood::kAllow;
  std::map<std::string, std::vector<std::string>> asked_;
  HttpLoop loop_;
  std::vector<HttpDone> silent_;  // never answered; used on the loop's thread
  std::unique_ptr<HttpServer> server_;
  std::optional<HttpThread> thread_;
};

}  // namespace routerate
