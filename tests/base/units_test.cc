// Sizes and durations as written by people.
#include "base/units.h"

#include <catch2/catch.hpp>
#include <string>

using namespace routerate;

TEST_CASE("sizes have binary and decimal units") {
  struct Case {
    std::string text;
    std::uint64_t bytes;
  };
  const auto& [text, bytes] =
      GENERATE(Case{"0", 0}, Case{"512", 512}, Case{"512B", 512}, Case{"64KiB", 65536},
               Case{"8MiB", 8388608}, Case{"1GiB", 1073741824}, Case{"2KB", 2000},
               Case{"1MB", 1000000}, Case{"1GB", 1000000000});
  CHECK(ParseBytes(text).value() == bytes);
}

TEST_CASE("what is not a size says what one looks like") {
  const std::string text =
      GENERATE("", "MiB", "-1", "1.5MiB", "8mib", "8 MiB", "99999999999999999999", "9999999999GiB");
  CHECK(ParseBytes(text).error().message == "'" + text + "' is not a size such as 512KiB or 8MiB");
}

TEST_CASE("sizes and durations are shown in the greatest unit that makes them whole") {
  CHECK(ShowBytes(0) == "0B");
  CHECK(ShowBytes(1000) == "1000B");
  CHECK(ShowBytes(65536) == "64KiB");
  CHECK(ShowBytes(std::uint64_t{1} << 40) == "1024GiB");
  CHECK(ShowDuration(std::chrono::milliseconds{0}) == "0ms");
  CHECK(ShowDuration(std::chrono::milliseconds{90'000}) == "90s");
  CHECK(ShowDuration(std::chrono::milliseconds{86'400'000}) == "24h");
}

TEST_CASE("durations have a unit") {
  struct Case {
    std::string text;
    int millis;
  };
  const auto& [text, millis] = GENERATE(Case{"0", 0}, Case{"250ms", 250}, Case{"25s", 25000},
                                        Case{"5m", 300000}, Case{"2h", 7200000});
  CHECK(ParseDuration(text).value() == std::chrono::milliseconds{millis});
}

TEST_CASE("a number without a unit is no duration") {
  const std::string text = GENERATE("", "25", "s", "1d", "-5s", "1.5s");
  CHECK_FALSE(ParseDuration(text).has_value());
}
