// What the operating system lets this process have.
#pragma once

#include <cstdint>

namespace routerate {

// Raises the soft limit of open descriptors to the hard one (RLIMIT_NOFILE) as far as it goes.
// Returns what is in force.
std::uint64_t RaiseOpenFileLimit();

}  // namespace routerate
