// nginx's JSON formats.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/checked_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  routerate::CheckLog(routerate::LogFormat::kNginx, data, size);
  return 0;
}
