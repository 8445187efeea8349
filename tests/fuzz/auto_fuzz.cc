// A file whose format nobody said: what is learnt of it matters.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/checked_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  routerate::CheckLog(routerate::LogFormat::kAuto, data, size);
  return 0;
}
