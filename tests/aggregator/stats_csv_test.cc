// How texts become fields of CSV.
#include "aggregator/stats_csv.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace routerate {
namespace {

TEST_CASE("CSV's fields are quoted where they must be, and are no formulas") {
  struct Case {
    std::string route, field;
  };
  const std::vector<Case> cases = {{"/plain", "/plain"},
                                   {"/a,b", "\"/a,b\""},
                                   {"/a\"b", "\"/a\"\"b\""},
                                   {"/a\nb", "\"/a\nb\""},
                                   {"/a\rb", "\"/a\rb\""},
                                   {" /a b ", " /a b "},
                                   {"\xE2\x82\xAC;\xC3\xA9", "\xE2\x82\xAC;\xC3\xA9"},
                                   {"-", "-"},
                                   {"*", "*"},
                                   {"=1+1", "'=1+1"},
                                   {"+1", "'+1"},
                                   {"-1", "'-1"},
                                   {"@A1", "'@A1"},
                                   {"\t=1", "'\t=1"},
                                   {"\r=1", "\"'\r=1\""},
                                   {"", ""},
                                   {"=\"a\"", "\"'=\"\"a\"\"\""}};
  for (const Case& c : cases) {
    ServiceStats service;
    service.name_space = "prod";
    service.service = "shop";
    SeriesStats series;
    series.route = c.route;
    series.method = "GET";
    const std::string csv = StatsCsv(std::vector<StatsRow>{{&service, &series}});
    INFO(csv);
    CHECK(csv.find("\r\nprod,shop," + c.field + ",GET,") != std::string::npos);
  }
}

}  // namespace
}  // namespace routerate
