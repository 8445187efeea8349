// Random paths for property tests: pieces that mean something to routes, mixed with any bytes.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace routerate {

// Takes SEED from the environment, else a new one; a failing test says which.
inline std::uint64_t TestSeed() {
  const char* seed = std::getenv("SEED");
  return seed != nullptr ? std::strtoull(seed, nullptr, 10) : std::random_device{}();
}

class RandomPaths {
 public:
  explicit RandomPaths(std::uint64_t seed) : random_(seed) {}

  std::size_t Below(std::size_t limit) { return random_() % limit; }

  // Text of `length` characters out of `alphabet`.
  std::string Text(std::string_view alphabet, std::size_t length) {
    std::string text;
    while (text.size() < length) text += alphabet[Below(alphabet.size())];
    return text;
  }

  // Mostly a path; sometimes no path at all.
  std::string Path() {
    std::string path = Below(50) == 0 ? "" : "/";
    for (std::size_t pieces = Below(Below(10) == 0 ? 60 : 12); pieces > 0; --pieces)
      path += Piece();
    return path;
  }

 private:
  // Texts that some rule of ours reads, between spaces.
  static std::vector<std::string> TellingTexts() {
    std::istringstream texts(
        "/ / / / // /./ /../ ;jsessionid=A1 %2e %2F %c3%a4 %zz % {id} {uuid} {token} {date} "
        "{email} {text} "
        "{ } {x} ** * - _ . @ orders v1 app.js 2026-11-22 2026-11-22T10:20:30.5+08:00 http:// "
        "75cae121-e817-471a-b4c4-9da1d89cbd80 abcdefab-cdef-abcd-efab-abcdefabcdef "
        "ann@example.com XMLHttpRequest dQw4w9WgXcQ \xC3\xA4 {file} .png .JS .map app. index- "
        "22-Nov-2026 "
        "2026-W47 20261122T1020 %20 10:20:30 2001:db8::1 00-1a-2b-3c-4d-5e 1920x1080 0x v2beta2 = "
        "+ "
        "Dk-9_2bQ 3f2a9c deadbeef %7B %7D %25 %40 T1020 -10-20 AKIAIOSFODNN7EXAMPLE");
    return {std::istream_iterator<std::string>(texts), {}};
  }

  std::string Piece() {
    static constexpr std::string_view kAlnum =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    switch (Below(8)) {
      case 0:
        return Text("0123456789", 1 + Below(9));
      case 1:
        return Text("0123456789abcdef", 1 + Below(40));
      case 2:
        return Text(kAlnum, 1 + Below(24));
      case 3:
        return Text("abc12-_.=", 1 + Below(30));
      case 4:
        return std::string(1, static_cast<char>(Below(256)));
      default:
        return telling_[Below(telling_.size())];
    }
  }

  std::mt19937_64 random_;
  const std::vector<std::string> telling_ = TellingTexts();
};

}  // namespace routerate
