// What a series costs in memory.
#pragma once

#include <string>

namespace routerate::bench {

// A table: bytes that malloc has given out for a series, idle and busy, that an aggregator read
// from the counts log, and for the same in a snapshot.
std::string SeriesMemoryTable();

}  // namespace routerate::bench
