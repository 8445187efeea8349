// Generated lines of configs/nginx/access_json.conf.
#pragma once

#include <cstdint>
#include <string>

namespace routerate::bench {

inline constexpr std::size_t kNginxLineBytes = 484;  // with its "\n"

// The same `lines` lines each time, with some thousand different paths.
std::string NginxLines(std::uint64_t lines);

}  // namespace routerate::bench
