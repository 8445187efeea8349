// tomcat's JSON patterns.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/checked_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  routerate::CheckLog(routerate::LogFormat::kTomcat, data, size);
  return 0;
}
