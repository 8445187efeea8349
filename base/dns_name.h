// Names as Kubernetes takes them (RFC 1123), lower case only.
#pragma once

#include <string_view>

namespace routerate {

// 1 to 63 letters, digits and '-', the first and the last a letter or digit: a namespace.
bool IsDnsLabel(std::string_view text);

// Labels with '.' between, 253 bytes at most: a workload.
bool IsDnsSubdomain(std::string_view text);

}  // namespace routerate
