// The first line of a request ("GET /orders/1?x=2 HTTP/1.1") and the target in it.
#pragma once

#include <string_view>

#include "parsers/access_event.h"

namespace routerate {

// Fills the event's host (of an absolute-form target, without user and port; else left alone), path
// (as sent) and query (without its '?') with views into `target`.
//
// Targets (RFC 9112 3.2): origin-form "/a?b", absolute-form "http://h/a?b", whose path is "/" when
// it has none. Anything else ("*", CONNECT's "host:port", tomcat's "null" for a target that it
// refused) is its own path. "-" and "" are no target.
void SplitTarget(std::string_view target, AccessEvent* event);

// Views into the text that was split. What cannot be told is empty.
struct RequestLine {
  std::string_view method;
  std::string_view target;  // unsplit
};

// Splits a request line. The version may be missing (HTTP/0.9) and the target may hold spaces, as
// broken clients send and old servers accept. Text that does not begin with a method (RFC 9110
// token) and a blank is no request line, and gives nothing.
RequestLine SplitRequestLine(std::string_view line);

}  // namespace routerate
