// Times of log lines.
#include "parsers/timestamp.h"

#include <catch2/catch.hpp>

#include "parsers/timestamp_memo.h"

using namespace routerate;

namespace {

struct Case {
  const char* text;
  std::int64_t ms;
};

}  // namespace

TEST_CASE("every notation names the same instant") {
  for (const char* text :
       {"2026-11-22T23:59:44+08:00", "2026-11-22T15:59:44Z", "2026-11-22 15:59:44z",
        "2026-11-22T15:59:44.000+00", "2026-11-22T10:29:44-0530", "22/Nov/2026:23:59:44 +0800",
        "[22/Nov/2026:23:59:44 +0800]", "[22/Nov/2026:23:59:44.000 +0800]", "1795363184",
        "1795363184.000", "1795363184000"}) {
    INFO(text);
    CHECK(ParseTimestamp(text) == 1795363184000);
  }
}

TEST_CASE("fractions are kept to the millisecond") {
  for (const Case& c :
       {Case{"1795363184.439", 1795363184439}, Case{"1795363184.4", 1795363184400},
        Case{"1795363184.4399", 1795363184439}, Case{"2026-11-22T15:59:44.439Z", 1795363184439},
        Case{"2026-11-22T15:59:44,439876Z", 1795363184439},
        Case{"[22/Nov/2026:23:59:44.439 +0800]", 1795363184439}}) {
    INFO(c.text);
    CHECK(ParseTimestamp(c.text) == c.ms);
  }
}

TEST_CASE("the calendar and the zones are right at their edges") {
  for (const Case& c :
       {Case{"1970-01-01T00:00:00Z", 0}, Case{"9999-12-31T23:59:59.999Z", 253402300799999},
        Case{"2024-02-29T12:00:00Z", 1709208000000}, Case{"2000-02-29T00:00:00Z", 951782400000},
        Case{"2026-12-31T23:59:60Z", 1798761600000},
        Case{"[01/Jan/2027:00:00:02 -0500]", 1798779602000},
        Case{"2026-11-01T01:30:00-04:00", 1793511000000},
        Case{"2026-11-01T01:30:00-05:00", 1793514600000},
        Case{"2026-01-01T00:00:00+14:00", 1767175200000},
        Case{"2026-01-01T05:45:00+05:45", 1767225600000}}) {
    INFO(c.text);
    CHECK(ParseTimestamp(c.text) == c.ms);
  }
}

TEST_CASE("what names no instant is no time") {
  for (const char* text : {"",
                           "-",
                           "now",
                           "2026-11-22",
                           "2026-11-22T23:59:44",
                           "2026-13-01T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-11-22T24:00:00Z",
                           "2026-11-22T23:60:00Z",
                           "2026-11-22T23:59:61Z",
                           "2026-11-22T23:59:44+8",
                           "2026-11-22T23:59:44Zx",
                           "2026-11-22T23:59:44.Z",
                           "1969-12-31T23:59:59Z",
                           "[22/Nov/2026:23:59:44 +0800",
                           "22/Nov/2026:23:59:44 +0800]",
                           "22/nov/2026:23:59:44 +0800",
                           "31/Feb/2026:00:00:00 +0000",
                           "22/Nov/2026:23:59:44",
                           "1795363184.",
                           ".439",
                           "1795363184.4x",
                           "-1795363184",
                           "9999999999999999",
                           "[",
                           "2026-",
                           "22/"}) {
    INFO(text);
    CHECK(ParseTimestamp(text) == std::nullopt);
  }
}

TEST_CASE("the times of neighbouring lines mean what each means alone") {
  TimestampMemo memo;
  for (const char* text :
       {"1795363184.439", "1795363184.001", "1795363184.4x9", "1795363184.000", "1795363184,439",
        "1795363184.43", "1795363185.439", "17953631840439", "1795363184439.", "1795363185.438",
        "2026-11-22T15:59:44Z", "2026-11-22T15:59:45Z", "2026-11-22T15:59:45Z", "now", "",
        "1795363185.437", "01795363185.43", "1795363185.4", "1795363185439"}) {
    INFO(text);
    std::int64_t ms = -1;
    CHECK(memo.Parse(text, &ms) == ParseTimestamp(text).has_value());
    CHECK(ms == ParseTimestamp(text).value_or(0));
  }
}
