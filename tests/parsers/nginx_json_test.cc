// nginx's JSON formats: recorded lines, the recommended format, the usual variants, hostile ones.
#include <catch2/catch.hpp>

#include "tests/parsers/parsed_line.h"

using namespace routerate;

namespace {

// A line with a time and what the case is about.
LineCase Short(const char* what, const std::string& fields, const std::string& event) {
  const std::string separator = event.empty() ? "" : ",";
  return {what, R"({"msec":"1.5",)" + fields + "}", R"({"ts":1500)" + separator + event + "}"};
}

void CheckNginx(const std::vector<LineCase>& cases) {
  for (const LineCase& c : cases) {
    INFO(c.what << ": " << c.line);
    CHECK(ParsedLine(LogFormat::kNginx, c.line) == c.event);
  }
}

}  // namespace

TEST_CASE("nginx: the widely copied format is read") {
  CheckNginx(
      {{"whole",
        R"({"@timestamp":"2026-11-22T23:59:44+08:00","host":"127.0.0.1",)"
        R"("clientip":"127.0.3.131","size":256,)"
        R"("responsetime":0.036,"upstreamtime":"0.001, 0.035","upstreamhost":"127.0.0.1:1,)"
        R"( 127.0.0.1:2",)"
        R"("http_host":"shop","uri":"/myapp/status/201","domain":"shop","xff":"-",)"
        R"("referer":"https://x.test/",)"
        R"("tcp_xff":"-","http_user_agent":"curl/8","status":"201"})",
        R"({"ts":1795363184000,"host":"shop","path":"/myapp/status/201","status":201,"bytes":256,)"
        R"("duration_ms":36.000,"client":"127.0.3.131","referer":"https://x.test/",)"
        R"("agent":"curl/8"})"},
       {"a request that was none",
        R"({"@timestamp":"2026-11-22T23:59:44+08:00","host":"127.0.0.1","clientip":"::1","size":0,)"
        R"("responsetime":0.000,"upstreamtime":"-","upstreamhost":"-","http_host":"-",)"
        R"("uri":"-","domain":"",)"
        R"("xff":"","referer":"-","tcp_xff":"-","http_user_agent":"-","status":"400"})",
        R"({"ts":1795363184000,"status":400,"bytes":0,"duration_ms":0.000,"client":"::1"})"}});
}

TEST_CASE("nginx: the path is what was sent, from the best field there is") {
  CheckNginx({
      Short("request_uri",
            R"("uri":"/50x.html","request":"GET /b?c HTTP/1.1","request_uri":"/a%20b?x=1")",
            R"("method":"GET","path":"/a%20b","query":"x=1")"),
      Short("request line", R"("uri":"/50x.html","request":"GET /b?c HTTP/1.1","request_uri":"")",
            R"("method":"GET","path":"/b","query":"c")"),
      Short("uri, decoded: its ? is no query", R"("uri":"/what?","args":"a=b")",
            R"("path":"/what?","query":"a=b")"),
      Short("method of its own", R"("method":"POST","request_uri":"/a")",
            R"("method":"POST","path":"/a")"),
      Short("absolute form", R"("request":"GET http://api.test:80/v1?x HTTP/1.1")",
            R"("method":"GET","host":"api.test","path":"/v1","query":"x")"),
      Short("garbage", R"("method":"","request":"\u0016\u0003\u0001","request_uri":"","uri":"")",
            ""),
      Short("HTTP/0.9", R"("request":"GET /a")", R"("method":"GET","path":"/a")"),
  });
}

TEST_CASE("nginx: the usual variants mean the same") {
  CheckNginx({
      {"time_iso8601 and names of variables",
       R"({"time_iso8601":"1970-01-01T00:00:01+00:00","remote_addr":"::1","remote_user":"al",)"
       R"("status":200,)"
       R"("body_bytes_sent":"12","request_time":"0.250","http_referer":"r",)"
       R"("http_user_agent":"a","host":"h"})",
       R"({"ts":1000,"host":"h","status":200,"bytes":12,"duration_ms":250.000,"client":"::1",)"
       R"("referer":"r","agent":"a","user":"al"})"},
      {"time_local", R"({"time_local":"01/Jan/1970:00:00:01 +0000"})", R"({"ts":1000})"},
      {"msec is preferred", R"({"@timestamp":"1970-01-01T00:00:01+00:00","msec":1.250})",
       R"({"ts":1250})"},
      {"a time that is none gives way to one", R"({"msec":"x","time":"1"})", R"({"ts":1000})"},
      Short("the server's address is no host", R"("host":"10.0.0.1","domain":"")", ""),
      Short("http_host", R"("host":"10.0.0.1","http_host":"Shop:80")", R"("host":"Shop:80")"),
      Short("blanks around", "\t\"status\" : \"200\" , \"size\" : 1 ", R"("status":200,"bytes":1)"),
      Short("nothing, bare", R"("size":-,"responsetime":-,"status":"000")", ""),
      Short("null and objects", R"("uri":null,"agent":{"a":"b"},"status":[1],"size":true)", ""),
  });
}

TEST_CASE("nginx: both ways of escaping are undone, and cannot forge") {
  CheckNginx({
      Short("escape=default", R"("http_user_agent":"C:\x5CApp \x22x\x22","uri":"/\xE4\xB8\xAD")",
            R"("path":"/中","agent":"C:\\App \"x\"")"),
      Short("escape=json", R"("http_user_agent":"C:\\App \"x\"\u001F","request_uri":"/中")",
            R"("path":"/中","agent":"C:\\App \"x\"\u001f")"),
      Short("bytes that are not UTF-8", "\"request_uri\":\"/\xFF\xE4\",\"agent\":\"caf\xE9\"",
            R"("path":"/%FF%E4","agent":"caf%E9")"),
      Short("of repeated keys the first counts",
            R"("status":"200","status":"999","size":1,"size":2)", R"("status":200,"bytes":1)"),
      Short("an escaped key is another", R"("st\u0061tus":"200","status\"":"201")", ""),
  });
}

TEST_CASE("nginx: what is not understood is rejected with reason and column") {
  CheckNginx({
      {"not JSON", "hello", "not_json at 1"},
      {"an array", R"([1])", "not_json at 1"},
      {"cut off", R"({"msec":"1","status":"20)", "not_json at 25"},
      {"text behind", R"({"msec":"1"} x)", "not_json at 15"},
      {"cut off behind a comma", R"({"msec":"1",})", "not_json at 13"},
      {"a quote in a bare value", R"({"msec":"1","status":2"0"})", "not_json at 22"},
      {"two objects", R"({"msec":"1"}{"msec":"2"})", "not_json at 12"},
      {"no time", R"({"status":"200"})", "no_time at 1"},
      {"a time that is none", R"({"time":"yesterday"})", "bad_time at 10"},
      {"a status that is none", R"({"msec":"1","status":"OK"})", "bad_number at 23"},
      {"a status beyond 999", R"({"msec":"1","status":1000})", "bad_number at 22"},
      {"a size that is none", R"({"msec":"1","size":-5})", "bad_number at 20"},
      {"a list as duration", R"({"msec":"1","request_time":"0.1, 0.2"})", R"({"ts":1000})"},
  });
}

TEST_CASE("nginx: values without quotes may be nothing, a dash or a list") {
  const std::string event = R"({"ts":1000,"status":200,"agent":"a, \"b\"","user":"u"})";
  CheckNginx({
      {"nothing", R"({"msec":"1","up":,"status":200,"agent":"a, \"b\"","user":"u"})", event},
      {"a dash", R"({"msec":"1","status":200,"size":-,"agent":"a, \"b\"","user":"u"})", event},
      {"a list", R"({"msec":"1","up":0.1, 0.2 : -,"status":200,"agent":"a, \"b\"","user":"u"})",
       event},
      {"at the end", R"({"msec":"1","status":200,"agent":"a, \"b\"","user":"u","up":-})", event},
      {"text", R"({"msec":"1","status":200,"agent":a, "b","user":"u"})", "not_json at 40"},
      {"bare text", R"({"msec":"1","uri":/a\x22,\x22,"status":200})",
       R"({"ts":1000,"path":"/a\",\"","status":200})"},
  });
}

TEST_CASE("nginx: what a text holds that no JSON text may is kept as it is") {
  CheckNginx({
      {"a control byte", "{\"msec\":\"1\",\"agent\":\"\x01\"}", R"({"ts":1000,"agent":"\u0001"})"},
      {"an escape that is none", R"({"msec":"1","agent":"\q"})", R"({"ts":1000,"agent":"\\q"})"},
  });
}

TEST_CASE("nginx: a line counts as repaired when it was no JSON") {
  struct Case {
    const char* line;
    bool repaired;
  };
  for (const Case& c : {
           Case{R"({"msec":"1","agent":"\u0041\\x41 \" /"})", false},
           Case{R"({"msec":"1","agent":"\x22"})", true},
           Case{R"({"msec":"1","agent":"\\\x22"})", true},
           Case{"{\"msec\":\"1\",\"agent\":\"\xE9\"}", true},
           Case{R"({"msec":"1","size":-})", true},
       }) {
    INFO(c.line);
    LineParser parser(LineFormat::Of(LogFormat::kNginx));
    (void)ParsedLine(&parser, c.line);
    CHECK(parser.repaired() == c.repaired);
  }
}

TEST_CASE("nginx: a format with other usual names is read") {
  CHECK(ParsedLine(
            LogFormat::kNginx,
            R"({"datetime":"1970-01-01T00:00:01Z","client_ip":"10.0.0.1","url":"/a?b",)"
            R"("status_code":200,"bytes":35,"request_time_ms":12,"referrer":"r","ua":"curl"})") ==
        R"({"ts":1000,"path":"/a","query":"b","status":200,"bytes":35,"duration_ms":12.000,)"
        R"("client":"10.0.0.1","referer":"r","agent":"curl"})");
}
