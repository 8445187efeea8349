// The combined format.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/checked_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  routerate::CheckLog(routerate::LogFormat::kCombined, data, size);
  return 0;
}
