// tomcat's JSON pattern: recorded lines of each generation of escaping, and forgeries.
#include <catch2/catch.hpp>

#include "tests/parsers/parsed_line.h"

using namespace routerate;

namespace {

std::string Line(const std::string& request, const std::string& query, const std::string& agent,
                 const std::string& extra = "") {
  return R"({"clientip":"10.0.0.1","ClientUser":"-","authenticated":"-",)"
         R"("AccessTime":"[01/Jan/1970:08:00:01 +0800]","method":")" +
         request + R"(","status":"200","SendBytes":"35")" + extra + R"(,"Query?string":")" + query +
         R"(","partner":"-","AgentVersion":")" + agent + "\"}";
}

std::string Event(const std::string& target, const std::string& tail = "") {
  return R"({"ts":1000,"method":"GET",)" + target +
         R"(,"status":200,"bytes":35,"client":"10.0.0.1")" + tail + "}";
}

std::string Parsed(const std::string& line) { return ParsedLine(LogFormat::kTomcat, line); }

const std::string kPlain = Line("GET /a HTTP/1.1", "", "curl/8");

}  // namespace

TEST_CASE("tomcat: the pattern's line is read, of every version") {
  CHECK(Parsed(kPlain) == Event(R"("path":"/a")", R"(,"agent":"curl/8")"));
  CHECK(Parsed(Line("GET /a?b=1 HTTP/1.1", "?b=1", "-")) == Event(R"("path":"/a","query":"b=1")"));
  CHECK(Parsed(Line("GET /a HTTP/1.1", "-", "")) == Event(R"("path":"/a")"));
  CHECK(Parsed(Line("GET /a?- HTTP/1.1", "?-", "-")) == Event(R"("path":"/a")"));
  CHECK(Parsed(Line("GET /a ", "", "-")) == Event(R"("path":"/a")"));
  CHECK(Parsed(Line("GET null HTTP/1.1", "", "-")) == Event(R"("path":"null")"));
  CHECK(Parsed(Line("-", "", "-")) == R"({"ts":1000,"status":200,"bytes":35,"client":"10.0.0.1"})");
  CHECK(Parsed(Line("GET /a HTTP/1.1", "", R"(say \"hi\" caf\u00c3\u00a9)")) ==
        Event(R"("path":"/a")", R"(,"agent":"say \"hi\" café")"));
}

TEST_CASE("tomcat: durations are named by their unit") {
  const std::string ms = R"("status":200,"bytes":35,"duration_ms":12.000)";
  for (const char* extra : {R"(,"duration_ms":"12")", R"(,"duration_us":"12000")", R"(,"D":12)",
                            R"(,"duration_s":"0.012")", R"(,"commit_ms":"12")",
                            R"(,"commit_ms":"3","duration_ms":"12")"}) {
    INFO(extra);
    CHECK_THAT(Parsed(Line("GET /a HTTP/1.1", "", "-", extra)), Catch::Contains(ms));
  }
}

TEST_CASE("tomcat: bare quotes, backslashes and bytes of a server that escapes nothing are read") {
  struct Case {
    std::string agent, meaning;
  };
  for (const Case& c : {
           Case{R"(He said "hi")", R"(He said \"hi\")"},
           Case{R"(C:\Program Files\App\)", R"(C:\\Program Files\\App\\)"},
           Case{"tab\there", R"(tab\there)"},
           Case{"caf\xE9", "caf%E9"},
           Case{R"("}{"status":"500"})", R"(\"}{\"status\":\"500\"})"},
       }) {
    INFO(c.agent);
    CHECK(Parsed(Line("GET /a HTTP/1.1", "", c.agent)) ==
          Event(R"("path":"/a")", ",\"agent\":\"" + c.meaning + "\""));
  }
}

TEST_CASE("tomcat: once a server was seen to escape nothing, backslashes are text") {
  LineParser parser(LineFormat::Of(LogFormat::kTomcat));
  const std::string line = Line("GET /a HTTP/1.1", "", R"(\u0022)");
  CHECK(ParsedLine(&parser, line) == Event(R"("path":"/a")", R"(,"agent":"\"")"));
  (void)ParsedLine(&parser, Line("GET /a HTTP/1.1", "", R"(a"b)"));
  CHECK(ParsedLine(&parser, line) == Event(R"("path":"/a")", R"(,"agent":"\\u0022")"));
}

TEST_CASE("tomcat: bare quotes in the request line do not make the headers bare") {
  LineParser parser(LineFormat::Of(LogFormat::kTomcat));
  CHECK(ParsedLine(&parser, Line(R"(GET /x?q="a"\z HTTP/1.1)", R"(?q="a"\z)", R"(say \"hi\")")) ==
        Event(R"("path":"/x","query":"q=\"a\"\\z")", R"(,"agent":"say \"hi\"")"));
  CHECK(ParsedLine(&parser, Line("GET /a HTTP/1.1", "", R"(\"x\")")) ==
        Event(R"("path":"/a")", R"(,"agent":"\"x\"")"));
}

TEST_CASE("tomcat: a client's text cannot pass for another field") {
  LineParser parser(LineFormat::Of(LogFormat::kTomcat));
  CHECK(ParsedLine(&parser, kPlain) == Event(R"("path":"/a")", R"(,"agent":"curl/8")"));
  for (const char* agent : {R"(","status":"999","x":")", R"(","duration_ms":"0)",
                            R"(","SendBytes":"9","duration_us":"1)", R"("},{"status":"500"})",
                            R"(","method":"GET /forged HTTP/1.1","status":"500)"}) {
    INFO(agent);
    const std::string event = ParsedLine(&parser, Line("GET /a HTTP/1.1", "", agent));
    CHECK_THAT(event, Catch::StartsWith(R"({"ts":1000,"method":"GET","path":"/a","status":200,)"
                                        R"("bytes":35,"client":"10.0.0.1","agent":")"));
  }
  for (const char* query :
       {R"(?q=","status":"999","a":")", R"(?","status":"500","SendBytes":"1","x":")",
        R"(?","partner":"x","AgentVersion":")"}) {
    INFO(query);
    const std::string event =
        ParsedLine(&parser, Line(std::string("GET /x") + query + " HTTP/1.1", query, "me"));
    CHECK_THAT(event, Catch::StartsWith(R"({"ts":1000,"method":"GET","path":"/x","query":")"));
    CHECK_THAT(event,
               Catch::Contains(R"(,"status":200,"bytes":35,"client":"10.0.0.1","agent":"me"})"));
  }
}

TEST_CASE("tomcat: the recommended pattern's duration survives bare quotes") {
  for (const char* extra : {R"(,"duration_ms":"12")", R"(,"duration_us":"12000")"}) {
    CHECK(Parsed(Line("GET /a HTTP/1.1", "", R"(a"b)", extra)) ==
          R"({"ts":1000,"method":"GET","path":"/a","status":200,"bytes":35,"duration_ms":12.000,)"
          R"("client":"10.0.0.1","agent":"a\"b"})");
  }
}

TEST_CASE("tomcat: what is not the pattern and not JSON is rejected") {
  CHECK(Parsed("hello") == "not_json at 1");
  CHECK(Parsed(kPlain.substr(0, kPlain.size() - 1)) == "not_json at 219");
  CHECK(Parsed(R"({"clientip":"x"})") == "no_time at 1");
}

namespace {

// Another pattern: other keys' order, a duration behind the client's texts, numbers without quotes.
std::string Own(const std::string& agent, const std::string& bytes = "35",
                const std::string& more = "") {
  return R"({ "AccessTime": "[01/Jan/1970:08:00:01 +0800]", "clientip": "10.0.0.1", )"
         R"("partner": "-", "xff": "-", "AgentVersion": ")" +
         agent + R"(", "method": "GET /a HTTP/1.1", "status": 200, "SendBytes": )" + bytes +
         R"(, "duration_ms": 12)" + more + " }";
}

std::string OwnEvent(const std::string& agent, const std::string& bytes = R"(,"bytes":35)") {
  return R"({"ts":1000,"method":"GET","path":"/a","status":200)" + bytes +
         R"(,"duration_ms":12.000,"client":"10.0.0.1")" + agent + "}";
}

}  // namespace

TEST_CASE("tomcat: a pattern of the user's own is learnt and split by") {
  LineParser parser(LineFormat::Of(LogFormat::kTomcat));
  CHECK(ParsedLine(&parser, Own("curl/8")) == OwnEvent(R"(,"agent":"curl/8")"));
  CHECK(ParsedLine(&parser, Own("curl/8", "-")) == OwnEvent(R"(,"agent":"curl/8")", ""));
  CHECK(ParsedLine(&parser, Own(R"(say "hi")")) == OwnEvent(R"(,"agent":"say \"hi\"")"));
  CHECK(ParsedLine(&parser, Own(R"(","status":"999)")) ==
        OwnEvent(R"(,"agent":"\",\"status\":\"999")"));
}

TEST_CASE("tomcat: a line in which the request cannot be told from a client's text is ambiguous") {
  LineParser parser(LineFormat::Of(LogFormat::kTomcat));
  (void)ParsedLine(&parser, Own("curl/8"));
  CHECK(ParsedLine(&parser, Own(R"(x", "method": "GET /forged HTTP/1.1)")) == "ambiguous at 1");
}

TEST_CASE("tomcat: keys that are there twice in the first line of an unknown pattern") {
  const std::string line = Own(R"(","duration_ms": 1,"x":")");
  CHECK_THAT(Parsed(line), !Catch::Contains("duration_ms"));
  CHECK(Parsed(Own(R"(","status": 500,"x":")")) == "ambiguous at 1");
  CHECK_THAT(Parsed(Own(R"(","clientip": "6.6.6.6","x":")")), Catch::Contains("10.0.0.1"));
}

TEST_CASE("tomcat: a pattern that grew is believed at once where no forger could have added keys") {
  LineParser parser(LineFormat::Of(LogFormat::kTomcat));
  (void)ParsedLine(&parser, kPlain);
  const std::string line = Line("GET /a HTTP/1.1", "", "-", R"(,"thread":"a","duration_ms":"5")");
  for (const bool repaired : {true, false}) {
    CHECK_THAT(ParsedLine(&parser, line), Catch::Contains(R"("duration_ms":5)"));
    CHECK(parser.repaired() == repaired);
  }
}

TEST_CASE("tomcat: a flood of forged lines does not teach the forger's keys") {
  LineParser parser(LineFormat::Of(LogFormat::kTomcat));
  (void)ParsedLine(&parser, kPlain);
  const std::string forged = Line("GET /a HTTP/1.1", "", R"(","duration_ms":"5)");
  for (int i = 0; i < 1000; ++i) {
    CHECK_THAT(ParsedLine(&parser, forged), !Catch::Contains(R"("duration_ms":5)"));
  }
}

TEST_CASE("tomcat: JsonAccessLogValve is read") {
  const std::string head =
      R"({"host":"10.0.0.1","logicalUserName":"-","user":"bob",)"
      R"("time":"[01/Jan/1970:08:00:01 +0800]","request":"GET /a?b=1 HTTP/1.1",)"
      R"("statusCode":"404","size":"-")";
  const std::string event = R"({"ts":1000,"method":"GET")";
  const std::string target = R"(,"path":"/a","query":"b=1","status":404)";
  const std::string headers = R"(,"requestHeaders": {"Referer":"-","User-Agent":"curl"})";
  for (const LogFormat format : {LogFormat::kTomcat, LogFormat::kAuto}) {
    CHECK(ParsedLine(format, head + "}") ==
          event + target + R"(,"client":"10.0.0.1","user":"bob"})");
    CHECK(ParsedLine(format, head + headers + "}") ==
          event + target + R"(,"client":"10.0.0.1","agent":"curl","user":"bob"})");
    CHECK(ParsedLine(
              format,
              head + R"(,"elapsedTime":"12","requestHeaders": {"Host":"h","User-Agent":"curl"},)"
                     R"("cookies": {"statusCode":"1","Host":"c"}})") ==
          event + R"(,"host":"h")" + target +
              R"(,"duration_ms":12.000,"client":"10.0.0.1","agent":"curl","user":"bob"})");
  }
}

TEST_CASE("a user's own keys are laid over the built-in ones") {
  const LineFormat format(LogFormat::kNginx, {{"took", LogField::kMicros},
                                              {"when", LogField::kTime},
                                              {"verb", LogField::kMethod},
                                              {"uri", LogField::kRequestUri},
                                              {"a rather long key", LogField::kUser},
                                              {"status", LogField::kNone}});
  LineParser parser(format);
  const std::string event =
      R"({"ts":1000,"method":"PUT","path":"/a","query":"b","duration_ms":0.007,"user":"me"})";
  for (int i = 0; i < 2; ++i) {
    CHECK(ParsedLine(&parser, R"({"when":1,"took":7,"verb":"PUT","uri":"/a?b","status":"200",)"
                              R"("a rather long key":"me"})") == event);
  }
}

TEST_CASE("tomcat: a pattern with the usual names is read") {
  CHECK(Parsed(R"({"time":"[01/Jan/1970:08:00:01 +0800]","remote_ip":"10.0.0.1","user":"bob",)"
               R"("request":"GET /a?b HTTP/1.1","status":200,"bytes":"35","elapsed_ms":12,)"
               R"("http_host":"h","referer":"-","user_agent":"curl"})") ==
        R"({"ts":1000,"method":"GET","host":"h","path":"/a","query":"b","status":200,"bytes":35,)"
        R"("duration_ms":12.000,"client":"10.0.0.1","agent":"curl","user":"bob"})");
}
