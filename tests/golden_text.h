// Golden files: long expected results, kept in tests/golden. UPDATE_GOLDEN=1 in the environment
// makes the tests write them anew; the difference is then read and judged by a person.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace routerate {

// The text of tests/golden/`name`; a test fails without it.
inline std::string GoldenText(const std::string& name) {
  const std::string path = ROUTERATE_TESTS_DIR "/golden/" + name;
  std::ifstream file(path, std::ios::binary);
  INFO("golden file " << path);
  REQUIRE(file.good());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Demands that tests/golden/`name` is `actual`, byte for byte.
inline void CheckGolden(const std::string& name, const std::string& actual) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(ROUTERATE_TESTS_DIR "/golden/" + name, std::ios::binary) << actual;
  }
  CHECK(GoldenText(name) == actual);
}

}  // namespace routerate
