// Log lines go to standard error, one a line: "2026-11-22T20:30:42.123Z warning message". Programs
// call SetUpLogging once; all other code calls spdlog::info, warn, error directly.
#pragma once

#include <string>

#include "base/result.h"

namespace routerate {

// `level`: debug, info, warning, error. `program` stands in each line.
Result<void> SetUpLogging(const std::string& program, const std::string& level);

}  // namespace routerate
