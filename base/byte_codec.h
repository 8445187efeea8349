// Numbers and text as bytes: base-128 varints, least significant group first, zigzag for signed
// ones, text behind its length. The encodings of Protocol Buffers
// (https://protobuf.dev/programming-guides/encoding/), without its tags.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace routerate {

// Appends to a string, which it borrows. Not thread-safe.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(&out) {}

  void Unsigned(std::uint64_t value) {
    constexpr std::uint64_t kGroup = 0x80;
    for (; value >= kGroup; value /= kGroup) *out_ += static_cast<char>(value % kGroup | kGroup);
    *out_ += static_cast<char>(value);
  }
  void Signed(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    Unsigned(bits << 1 ^ (value < 0 ? ~std::uint64_t{0} : 0));
  }
  void Text(std::string_view text) {
    Unsigned(text.size());
    out_->append(text);
  }

 private:
  std::string* out_;
};

// A few numbers of which most are 0: which are not, as bits from the least on, and these.
template <std::size_t kSize>
void WriteSparse(const std::array<std::uint64_t, kSize>& numbers, ByteWriter out) {
  static_assert(kSize < 64);
  std::uint64_t there = 0;
  for (std::size_t i = 0; i < kSize; ++i) there |= std::uint64_t{numbers[i] != 0} << i;
  out.Unsigned(there);
  for (const std::uint64_t number : numbers) {
    if (number != 0) out.Unsigned(number);
  }
}

// Reads what a ByteWriter wrote, or anything: what is not there, or is not well formed, reads as 0
// or as nothing, and ok() is false from then on. Views live as long as the bytes.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  std::uint64_t Unsigned() {
    constexpr unsigned char kOneByte = 0x80;
    if (rest_.empty() || static_cast<unsigned char>(rest_.front()) >= kOneByte) return Long();
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::int64_t Signed() {
    const std::uint64_t bits = Unsigned();
    return static_cast<std::int64_t>(bits >> 1 ^ (bits % 2 != 0 ? ~std::uint64_t{0} : 0));
  }
  std::string_view Text();
  // `before` and what is added to it, which is no number that sums overflow with: less than 2^46
  // from 0 on either side.
  std::int64_t Near(std::int64_t before) {
    constexpr std::int64_t kMost = std::int64_t{1} << 46;
    const std::int64_t step = Signed();
    const bool fits = step > -2 * kMost && step < 2 * kMost;
    const std::int64_t sum = fits ? before + step : kMost;
    if (sum > -kMost && sum < kMost) return sum;
    Fail();
    return 0;
  }
  // What was read makes no sense.
  void Refuse() { Fail(); }
  // A number of things to come, of which each takes a byte at least.
  std::uint64_t Count();

 private:
  std::uint64_t Long();
  std::uint64_t Fail();

  std::string_view rest_;
  bool ok_ = true;
};

// What WriteSparse wrote; what is said of numbers behind the last is refused.
template <std::size_t kSize>
void ReadSparse(ByteReader& in, std::array<std::uint64_t, kSize>* numbers) {
  const std::uint64_t there = in.Unsigned();
  if (there >> kSize != 0) return in.Refuse();
  for (std::size_t i = 0; i < kSize; ++i) {
    (*numbers)[i] = (there >> i & 1) != 0 ? in.Unsigned() : 0;
  }
}

}  // namespace routerate
