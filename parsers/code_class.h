// Classes of HTTP status codes: 404 is of class 4xx.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace routerate {

enum class CodeClass { k1xx, k2xx, k3xx, k4xx, k5xx, kUnknown };
inline constexpr std::size_t kCodeClassCount = 6;

// One number for each class, by static_cast<std::size_t>(CodeClass).
using PerCodeClass = std::array<std::uint64_t, kCodeClassCount>;

// Codes that no class of RFC 9110 has, and an absent one (0), are kUnknown.
constexpr CodeClass CodeClassOf(int status) {
  if (status < 100 || status > 599) return CodeClass::kUnknown;
  return static_cast<CodeClass>(status / 100 - 1);
}

constexpr std::string_view CodeClassName(std::size_t code_class) {
  constexpr std::array<std::string_view, kCodeClassCount> kNames = {"1xx", "2xx", "3xx",
                                                                    "4xx", "5xx", "unknown"};
  return kNames[code_class];
}

}  // namespace routerate
