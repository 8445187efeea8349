// The reference that routerate is held against: simdjson On-Demand, used the way that its
// documentation shows, by somebody who knows the log's keys. No repair, no time stamp read, no
// request line taken apart. Compiled once a target (CMakeLists.txt): On-Demand becomes what the
// compiler may use, so a build for any processor and one for this processor are two programs.
#pragma once

#include <string_view>

#include "bench/log_text.h"
#include "bench/workload.h"

namespace routerate::bench {

struct OndemandReader {
  const char* implementation;  // simdjson's name of it
  // Counts the lines whose fields were all found. `text` as LogText has it.
  Pass (*read)(LogLayout layout, std::string_view text);
};

OndemandReader OndemandGeneric();
OndemandReader OndemandHaswell();  // needs a processor with AVX2
OndemandReader OndemandNative();   // needs the processor that it was built on

}  // namespace routerate::bench
