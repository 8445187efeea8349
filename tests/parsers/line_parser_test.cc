// What holds for every format: names, line ends, choosing by itself, no crash.
#include "parsers/line_parser.h"

#include <simdjson.h>

#include <catch2/catch.hpp>
#include <set>

#include "tests/parsers/parsed_line.h"
#include "tests/parsers/random_paths.h"

using namespace routerate;

namespace {

const std::string kNginx = R"({"msec":"1","request_uri":"/nginx","agent":"a\x22b \"c\""})";
const std::string kTomcat =
    R"({"clientip":"::1","ClientUser":"-","authenticated":"-",)"
    R"("AccessTime":"[01/Jan/1970:00:00:01 +0000]",)"
    R"("method":"GET /tomcat HTTP/1.1","status":"200","SendBytes":"-","Query?string":"",)"
    R"("partner":"-",)"
    R"("AgentVersion":"a "b"\"})";
const std::string kCombined =
    R"(::1 - - [01/Jan/1970:00:00:01 +0000] "GET /combined HTTP/1.1" 200 - "-" "a\x22b")";

std::string Path(LineParser* parser, const std::string& line) {
  const PaddedLine padded(line);
  const auto event = parser->Parse(padded.text());
  return event ? std::string(event->path) : std::string(RejectReasonName(event.error().reason));
}

}  // namespace

TEST_CASE("formats and reject reasons have names of their own") {
  for (const LogFormat format :
       {LogFormat::kAuto, LogFormat::kNginx, LogFormat::kTomcat, LogFormat::kCombined}) {
    CHECK(LogFormatFromName(LogFormatName(format)) == format);
  }
  CHECK(LogFormatFromName("ngnix") == std::nullopt);
  std::set<std::string_view> names;
  for (int i = 0; i < kRejectReasonCount; ++i) names.insert(RejectReasonName(RejectReason(i)));
  CHECK(names.size() == kRejectReasonCount);
}

TEST_CASE("a blank line is empty and a carriage return before its end is not part of it") {
  for (const LogFormat format :
       {LogFormat::kAuto, LogFormat::kNginx, LogFormat::kTomcat, LogFormat::kCombined}) {
    for (const char* line : {"", " ", "\r", "\t \r"})
      CHECK(ParsedLine(format, line) == "empty at 1");
  }
  CHECK(ParsedLine(LogFormat::kNginx, "{\"msec\":\"1\"}\r") == R"({"ts":1000})");
  CHECK(ParsedLine(LogFormat::kCombined, kCombined + "\r") ==
        ParsedLine(LogFormat::kCombined, kCombined));
}

TEST_CASE("auto finds the format of a file from its first lines") {
  for (const auto& [line, path] :
       {std::pair(kNginx, "/nginx"), {kTomcat, "/tomcat"}, {kCombined, "/combined"}}) {
    LineParser parser(LineFormat::Of(LogFormat::kAuto));
    CHECK(Path(&parser, "nothing known") == "unknown_format");
    CHECK(Path(&parser, line) == path);
    CHECK(Path(&parser, line) == path);
  }
}

TEST_CASE("auto remembers the format, and follows a server that changes it") {
  LineParser parser(LineFormat::Of(LogFormat::kAuto));
  CHECK(Path(&parser, kCombined) == "/combined");
  CHECK(Path(&parser, "nothing known") == "not_combined");
  CHECK(Path(&parser, kNginx) == "/nginx");
  CHECK(Path(&parser, "nothing known") == "not_json");
}

TEST_CASE("a damaged line harms nothing: a rejection, or an event in valid UTF-8") {
  const std::uint64_t seed = TestSeed();
  INFO("SEED=" << seed);
  RandomPaths random(seed);
  std::string bytes = "\"\\{}[]:, xu0/?=-";
  for (int c = 0; c < 0x100; c += 3) bytes += static_cast<char>(c);
  LineParser parsers[] = {LineParser(LineFormat::Of(LogFormat::kNginx)),
                          LineParser(LineFormat::Of(LogFormat::kTomcat)),
                          LineParser(LineFormat::Of(LogFormat::kCombined)),
                          LineParser(LineFormat::Of(LogFormat::kAuto))};
  for (int i = 0; i < 20000; ++i) {
    std::string line = random.Below(3) == 0 ? kNginx : random.Below(2) == 0 ? kTomcat : kCombined;
    for (std::size_t n = random.Below(6); n > 0; --n) {
      line.replace(random.Below(line.size()), random.Below(4), random.Text(bytes, random.Below(4)));
    }
    if (random.Below(4) == 0) line.resize(random.Below(line.size() + 1));
    for (LineParser& parser : parsers) {
      INFO(line);
      REQUIRE(simdjson::validate_utf8(ParsedLine(&parser, line)));
    }
  }
}

TEST_CASE("a line of any length is read") {
  for (const std::size_t size : {1000u, 70'000u, 1'000'000u}) {
    const std::string path(size, 'x');
    LineParser parser(LineFormat::Of(LogFormat::kAuto));
    CHECK(Path(&parser, R"({"msec":"1","request_uri":"/)" + path + "\"}") == "/" + path);
    CHECK(Path(&parser, kNginx) == "/nginx");
  }
}
