// What a hostile client sends: text made to look like the log around it.
#pragma once

#include <string>

#include "tests/parsers/hostile_choices.h"
#include "tests/parsers/hostile_request.h"

namespace routerate {

// Text for this place in a request, of bytes that HTTP and real servers let through there:
//
//   target      "/..." without blank, control byte that ends a line, or NUL
//   user        Basic authentication's, which is sent in base64: all but a colon (RFC 7617)
//   headers     no line end, no NUL, no blank at either end
//   host        nginx's $host: also no '/', ':', blank, control byte or upper case
//   garbage     what is no request line, so no line end either
std::string HostileText(Choices* choices, ClientText place);

}  // namespace routerate
