// Bytes as a request without headers: "METHOD TARGET".
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/http_message.h"

namespace routerate {

inline HttpRequest FuzzedRequest(std::string_view text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  HttpRequest request{.method = std::string(text.substr(0, space))};
  ParseTarget(text.substr(std::min(space + 1, text.size())), &request);
  return request;
}

}  // namespace routerate
