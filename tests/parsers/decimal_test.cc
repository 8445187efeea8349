// Numbers of log lines.
#include "parsers/decimal.h"

#include <catch2/catch.hpp>

using namespace routerate;

TEST_CASE("a decimal is scaled exactly, finer digits are cut off") {
  struct Case {
    const char* text;
    int scale;
    std::int64_t value;
  };
  for (const Case& c : {Case{"0", 0, 0}, Case{"200", 0, 200}, Case{"0.001", 6, 1000},
                        Case{"0.036", 6, 36000}, Case{"12", 3, 12000}, Case{"1.5", 0, 1},
                        Case{"0.0419999", 6, 41999}, Case{"60.000", 6, 60000000}, Case{"007", 0, 7},
                        Case{"999999999999999999", 0, 999999999999999999}}) {
    INFO(c.text << " scale " << c.scale);
    CHECK(ParseDecimal(c.text, c.scale) == c.value);
  }
}

TEST_CASE("what is no plain decimal is no number") {
  for (const char* text : {"", "-", "-1", "+1", "1.", ".5", "1e3", " 1", "1 ", "1.2.3", "0x10",
                           "1,5", "NaN", "9999999999999999999", "0.001, 0.002"}) {
    INFO(text);
    CHECK(ParseDecimal(text, 0) == std::nullopt);
  }
  CHECK(ParseDecimal("9999999999999", 6) == std::nullopt);
}
