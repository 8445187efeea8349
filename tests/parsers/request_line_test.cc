// Request lines and targets, whole and broken.
#include "parsers/request_line.h"

#include <catch2/catch.hpp>
#include <string>

using namespace routerate;

TEST_CASE("a target is split into host, path and query as it was sent") {
  struct Case {
    const char *target, *host, *path, *query;
  };
  for (const Case& c : {
           Case{"/a/b", "", "/a/b", ""},
           Case{"/a?b=1&c=/d?e", "", "/a", "b=1&c=/d?e"},
           Case{"/a?", "", "/a", ""},
           Case{"/%E4%B8%AD;jsessionid=1?%20", "", "/%E4%B8%AD;jsessionid=1", "%20"},
           Case{"//x//y", "", "//x//y", ""},
           Case{"/http://x/", "", "/http://x/", ""},
           Case{"http://LocalHost:80/a?b", "LocalHost", "/a", "b"},
           Case{"https://u:p@[::1]:8443/a", "[::1]", "/a", ""},
           Case{"http://h", "h", "/", ""},
           Case{"http://h?x=1", "h", "/", "x=1"},
           Case{"*", "", "*", ""},
           Case{"example.com:443", "", "example.com:443", ""},
           Case{"null", "", "null", ""},
           Case{"-", "", "", ""},
           Case{"", "", "", ""},
           Case{"://x", "", "://x", ""},
       }) {
    INFO(c.target);
    AccessEvent parts;
    SplitTarget(c.target, &parts);
    CHECK(parts.host == c.host);
    CHECK(parts.path == c.path);
    CHECK(parts.query == c.query);
  }
}

TEST_CASE("a request line is split as far as it is one") {
  struct Case {
    const char *line, *method, *target;
  };
  for (const Case& c : {
           Case{"GET /a?b HTTP/1.1", "GET", "/a?b"},
           Case{"M-SEARCH * HTTP/1.1", "M-SEARCH", "*"},
           Case{"GET /orders/5", "GET", "/orders/5"},
           Case{"GET /orders/5 ", "GET", "/orders/5"},
           Case{"GET  /two-spaces HTTP/1.1", "GET", "/two-spaces"},
           Case{"GET /a b c HTTP/1.1", "GET", "/a b c"},
           Case{"GET /x HTTP/1.1 extra", "GET", "/x"},
           Case{"GET /a null", "GET", "/a"},
           Case{"GET - HTTP/1.1", "GET", "-"},
           Case{"PRI * HTTP/2.0", "PRI", "*"},
           Case{"GET ", "GET", ""},
           Case{"GARBAGE", "", ""},
           Case{"-", "", ""},
           Case{"", "", ""},
           Case{" GET / HTTP/1.1", "", ""},
           Case{"\"GET / HTTP/1.1\"", "", ""},
           Case{"\x16\x03\x01 \x02", "", ""},
       }) {
    INFO(c.line);
    const RequestLine parts = SplitRequestLine(c.line);
    CHECK(parts.method == c.method);
    CHECK(parts.target == c.target);
  }
}
