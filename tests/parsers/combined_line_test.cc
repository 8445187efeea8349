// NCSA combined lines of nginx, Apache and tomcat.
#include <catch2/catch.hpp>

#include "tests/parsers/parsed_line.h"

using namespace routerate;

namespace {

const std::string kHead = "10.0.0.1 - - [01/Jan/1970:08:00:01 +0800] ";

std::string CombinedEvent(const std::string& fields) {
  return R"({"ts":1000,"method":"GET",)" + fields + "}";
}

void CheckCombined(const std::vector<LineCase>& cases) {
  for (const LineCase& c : cases) {
    INFO(c.what << ": " << c.line);
    CHECK(ParsedLine(LogFormat::kCombined, c.line) == c.event);
  }
}

}  // namespace

TEST_CASE("combined: a line is read") {
  const std::string fields = R"("path":"/a","query":"b","status":200,"bytes":5,)";
  CheckCombined({
      {"combined", kHead + R"("GET /a?b HTTP/1.1" 200 5 "https://x/" "curl/8")",
       CombinedEvent(fields + R"("client":"10.0.0.1","referer":"https://x/","agent":"curl/8")")},
      {"common", kHead + R"("GET /a?b HTTP/1.1" 200 5)",
       CombinedEvent(fields + R"("client":"10.0.0.1")")},
      {"absent fields", kHead + R"("GET /a?b HTTP/1.1" 200 - "-" "-")",
       CombinedEvent(R"("path":"/a","query":"b","status":200,"client":"10.0.0.1")")},
      {"no request line", kHead + R"("-" 400 0 "-" "-")",
       R"({"ts":1000,"status":400,"bytes":0,"client":"10.0.0.1"})"},
      {"no request at all", kHead + R"("" 400 0 "-" "-")",
       R"({"ts":1000,"status":400,"bytes":0,"client":"10.0.0.1"})"},
      {"a user with blanks",
       R"(::1 - Al B [01/Jan/1970:08:00:01 +0800] "GET /a HTTP/1.1" 200 5 "-" "-")",
       CombinedEvent(R"("path":"/a","status":200,"bytes":5,"client":"::1","user":"Al B")")},
  });
}

TEST_CASE("combined: a request time behind the agent is read") {
  const std::string line = kHead + R"("GET /a HTTP/1.1" 200 5 "-" "-")";
  const std::string without = R"("path":"/a","status":200,"bytes":5,"client":"10.0.0.1")";
  const std::string with =
      R"("path":"/a","status":200,"bytes":5,"duration_ms":12.000,"client":"10.0.0.1")";
  CheckCombined({
      {"bare", line + " 0.012", CombinedEvent(with)},
      {"named", line + " rt=0.012 uct=\"0.001\"", CombinedEvent(with)},
      {"behind a forwarded address", line + R"( "1.2.3.4" 0.012 0.001)", CombinedEvent(with)},
      {"in quotes it may be a client's", line + R"( "0.012")", CombinedEvent(without)},
      {"a whole number has no known unit", line + " 12", CombinedEvent(without)},
      {"absent", line + " -", CombinedEvent(without)},
  });
}

TEST_CASE("combined: escapes are undone and cannot forge") {
  CheckCombined({
      {"nginx", kHead + R"("GET /\x22x\xE4\xB8\xAD\xFF HTTP/1.1" 200 5 "-" "\x5Cx22")",
       CombinedEvent(
           R"("path":"/\"x中%FF","status":200,"bytes":5,"client":"10.0.0.1","agent":"\\x22")")},
      {"Apache", kHead + R"("GET /\"x HTTP/1.1" 200 5 "-" "a\\\"b\t")",
       CombinedEvent(
           R"("path":"/\"x","status":200,"bytes":5,"client":"10.0.0.1","agent":"a\\\"b\t")")},
      {"an unknown escape stays", kHead + R"("GET /a HTTP/1.1" 200 5 "-" "\q")",
       CombinedEvent(R"("path":"/a","status":200,"bytes":5,"client":"10.0.0.1","agent":"\\q")")},
      {"not UTF-8", kHead + "\"GET /\xFF HTTP/1.1\" 200 5 \"-\" \"-\"",
       CombinedEvent(R"("path":"/%FF","status":200,"bytes":5,"client":"10.0.0.1")")},
      {"tomcat's bytes", kHead + R"("GET /a HTTP/1.1" 200 5 "-" "caf\u00c3\u00a9\v")",
       CombinedEvent(
           R"("path":"/a","status":200,"bytes":5,"client":"10.0.0.1","agent":"café\u000b")")},
      {"a user who looks like a line",
       R"(::1 - x [02/Jan/1970:00:00:00 +0000] \x22GET /forged HTTP/1.1\x22 500 )"
       R"([01/Jan/1970:08:00:01 +0800] )"
       R"("GET /a HTTP/1.1" 200 5 "-" "-")",
       CombinedEvent(R"("path":"/a","status":200,"bytes":5,"client":"::1",)"
                     R"("user":"x [02/Jan/1970:00:00:00 +0000] \"GET /forged HTTP/1.1\" 500")")},
  });
}

TEST_CASE("combined: what is not understood is rejected with reason and column") {
  CheckCombined({
      {"words", "hello world", "not_combined at 1"},
      {"JSON", R"({"msec":"1"})", "not_combined at 1"},
      {"an open quote", kHead + R"("GET /a HTTP/1.1 200 5)", "not_combined at 43"},
      {"no status", kHead + R"("GET /a HTTP/1.1")", "not_combined at 60"},
      {"a status that is none", kHead + R"("GET /a HTTP/1.1" OK 5)", "bad_number at 61"},
      {"a time that is none", R"(::1 - - [today] "GET /a HTTP/1.1" 200 5)", "not_combined at 1"},
  });
}

TEST_CASE("combined: bare quotes of a server that escapes nothing are read") {
  const std::string fields = R"("path":"/a","status":200,"bytes":5,"client":"10.0.0.1")";
  CheckCombined({
      {"in the agent", kHead + R"("GET /a HTTP/1.1" 200 5 "-" "He said "hi"")",
       CombinedEvent(fields + R"(,"agent":"He said \"hi\"")")},
      {"a backslash at the end", kHead + R"("GET /a HTTP/1.1" 200 5 "-" "C:\App\")",
       CombinedEvent(fields + R"(,"agent":"C:\\App\\")")},
      {"in the target", kHead + R"("GET /a?q="x"&"200"5 HTTP/1.1" 200 5 "-" "-")",
       CombinedEvent(
           R"("path":"/a","query":"q=\"x\"&\"200\"5","status":200,"bytes":5,"client":"10.0.0.1")")},
      {"in the user",
       R"(10.0.0.1 - x [2] "GET /forged" 500 0 [01/Jan/1970:08:00:01 +0800] "GET /a HTTP/1.1" 200 5)",
       CombinedEvent(fields + R"(,"user":"x [2] \"GET /forged\" 500 0")")},
  });
}
