// setrlimit(2): nothing here selects(2) on descriptors, so a high soft limit harms nobody.
#include "base/process_limits.h"

#include <sys/resource.h>

namespace routerate {

std::uint64_t RaiseOpenFileLimit() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;  // what POSIX promises at least is less
  const rlimit raised{limit.rlim_max, limit.rlim_max};
  return ::setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

}  // namespace routerate
