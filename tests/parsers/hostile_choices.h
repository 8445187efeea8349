// Where a generated case takes its decisions from: a seeded generator in a test, a fuzzer's bytes
// in a fuzz target. So both try the same cases, and the fuzzer can steer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace routerate {

class Choices {
 public:
  explicit Choices(std::uint64_t seed) : random_(seed) {}
  // Borrows `bytes`. When they are used up, every choice is 0.
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}

  // 0 to limit - 1; 0 for a limit of 0.
  std::uint64_t Below(std::uint64_t limit) {
    if (limit == 0) return 0;
    if (random_) return (*random_)() % limit;
    std::uint64_t value = 0;
    for (std::uint64_t reach = limit - 1; reach > 0; reach >>= 8) value = value << 8 | NextByte();
    return value % limit;
  }

  bool OneIn(std::uint64_t limit) { return Below(limit) == limit - 1; }

  template <std::size_t kSize>
  std::string_view OneOf(const std::string_view (&texts)[kSize]) {
    return texts[Below(kSize)];
  }

  // Any bytes; fewer when they are used up.
  std::string Bytes(std::size_t size) {
    if (!random_) {
      const std::string_view taken = bytes_.substr(0, size);
      bytes_.remove_prefix(taken.size());
      return std::string(taken);
    }
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(Below(256));
    return bytes;
  }

 private:
  std::uint64_t NextByte() {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte;
  }

  std::optional<std::mt19937_64> random_;
  std::string_view bytes_;
};

}  // namespace routerate
