// All model servers.
#include "tests/parsers/hostile_servers.h"

namespace routerate {

std::vector<LogDialect> LogDialects() {
  std::vector<LogDialect> all = NginxDialects();
  for (const auto& more : {TomcatDialects(), CombinedDialects()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace routerate
