// `routerate-agent inject`: manifests in, the same with the sidecar out. Needs no cluster.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "inject/injection.h"

namespace CLI {
class App;
}

namespace routerate {

class InjectCommand {
 public:
  // Adds itself to `app`, which must outlive it.
  explicit InjectCommand(CLI::App& app);

  bool parsed() const;
  // Standard output gets the manifests, or nothing; standard error a report. The exit code.
  int Run();

 private:
  Result<void> ReadDefinition();
  Result<std::string> Injected(const std::string& file);
  Result<std::string> AllInjected();
  Result<void> CheckFound() const;

  CLI::App* command_;
  InjectionOptions options_;
  std::vector<std::string> files_;
  std::vector<std::string> workloads_;
  std::string sidecar_;
  std::string image_;
  std::string brokers_;
  std::vector<std::string> report_;
  std::set<std::string> found_;
};

}  // namespace routerate
