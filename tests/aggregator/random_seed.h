// A random test's seed: SEED= of the environment, else a new one; printed when the test fails.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace routerate {

inline std::uint64_t RandomSeed() {
  const char* given = std::getenv("SEED");
  return given != nullptr ? std::stoull(given) : std::random_device{}();
}

}  // namespace routerate
