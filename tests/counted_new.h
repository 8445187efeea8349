// Counts what operator new gives out, for programs that prove how little they allocate. A program
// that links counted_new.cc has the counting operators in place of the library's.
#pragma once

#include <cstdint>

namespace routerate {

// Since the program began, by all threads.
std::uint64_t AllocationCount();

}  // namespace routerate
