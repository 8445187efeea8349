// What the searches of std::string_view return where nothing is found.
#pragma once

#include <string_view>

namespace routerate {

inline constexpr std::size_t kNowhere = std::string_view::npos;

}  // namespace routerate
