// The table on standard output: fixed columns, one line a workload, made for grep and awk.
#pragma once

#include <string>
#include <vector>

#include "bench/measurement.h"

namespace routerate::bench {

// Columns: workload ns/line min GB/s allocs/line ratio of_min baseline lines bytes/line. "-" where
// there is nothing to tell: a baseline that did not run, a number of bytes that means nothing.
std::string ResultTable(const std::vector<Measured>& results);

}  // namespace routerate::bench
