// Questions to the API server of the cluster, as a pod asks them: HTTPS, the service account's
// token.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "aggregator/aggregator_options.h"
#include "base/clock.h"
#include "base/file_system.h"
#include "base/http_client.h"
#include "base/http_loop.h"
#include "base/result.h"

namespace routerate {

// Used on the loop's thread, or while the loop does not run. Borrows all that it is made of.
class KubeClient {
 public:
  // Fails when ca_file cannot be read or holds no certificate. Calls nobody.
  static Result<std::unique_ptr<KubeClient>> Create(HttpLoop& loop, FileSystem& files,
                                                    const Clock& clock,
                                                    const MetricsApiOptions& options);

  // The body of an answer that says success; else what was tried, and what the server said.
  using Done = std::function<void(Result<std::string>)>;
  void Get(const std::string& path, Millis deadline, Done done);
  void Post(const std::string& path, std::string json, Millis deadline, Done done);

  // Reads ca_file again, for it changes when the cluster's authority does. The token is read again
  // by itself: once a minute, and when the server does not take it.
  void ReadAuthoritiesAgain();

 private:
  KubeClient(FileSystem& files, const Clock& clock, const MetricsApiOptions& options,
             std::string authorities, std::unique_ptr<HttpClient> http);
  Result<std::string> Token();
  void Send(HttpCall call, Done done);

  FileSystem& files_;
  const Clock& clock_;
  const MetricsApiOptions& options_;
  std::string authorities_;  // what ca_file held
  std::unique_ptr<HttpClient> http_;
  std::string token_;
  Millis token_until_{0};  // then it is read again
};

}  // namespace routerate
