// Nothing read is trusted: every number is checked against the bytes that are left.
#include "base/byte_codec.h"

namespace routerate {

std::uint64_t ByteReader::Fail() {
  ok_ = false;
  rest_ = {};
  return 0;
}

std::uint64_t ByteReader::Long() {
  constexpr unsigned kGroupBits = 7;
  constexpr unsigned kBits = 64;
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < kBits; shift += kGroupBits) {
    if (rest_.empty()) return Fail();
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return value;
  }
  return Fail();
}

std::string_view ByteReader::Text() {
  const std::uint64_t size = Unsigned();
  if (size > rest_.size()) return Fail(), std::string_view();
  const std::string_view text = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return text;
}

std::uint64_t ByteReader::Count() {
  const std::uint64_t count = Unsigned();
  return count > rest_.size() ? Fail() : count;
}

}  // namespace routerate
