// Magic, version, checksum, header, then the body.
#include "aggregator/count_record.h"

#include <xxhash.h>

#include <array>
#include <cstring>
#include <utility>

#include "base/byte_codec.h"

namespace routerate {
namespace {

constexpr std::string_view kMagic = "RRC";
constexpr char kVersion = 2;
constexpr std::size_t kChecksumAt = 4;
constexpr std::size_t kHeaderAt = kChecksumAt + sizeof(std::uint64_t);

// In xxHash's canonical form, which is big-endian.
std::array<char, sizeof(std::uint64_t)> ChecksumOf(std::string_view bytes) {
  XXH64_canonical_t canonical;
  XXH64_canonicalFromHash(&canonical, XXH3_64bits(bytes.data(), bytes.size()));
  std::array<char, sizeof(std::uint64_t)> checksum = {};
  std::memcpy(checksum.data(), canonical.digest, checksum.size());
  return checksum;
}

void WriteHeader(const CountHeader& header, ByteWriter out) {
  out.Unsigned(static_cast<std::uint64_t>(header.kind));
  out.Text(header.topic);
  out.Unsigned(static_cast<std::uint64_t>(header.partition));
  out.Signed(header.begin);
  out.Signed(header.end);
  out.Unsigned(header.writer);
  out.Unsigned(header.sequence);
  out.Signed(header.wall_ms);
  out.Signed(header.snapshot_at);
  out.Unsigned(header.part);
  out.Unsigned(header.parts);
}

}  // namespace

std::vector<std::string> EncodeParts(CountHeader header, const std::vector<std::string>& bodies) {
  std::vector<std::string> values;
  values.reserve(bodies.size());
  header.parts = bodies.size();
  for (header.part = 0; header.part < header.parts; ++header.part) {
    std::string value(kMagic);
    value += kVersion;
    value.resize(kHeaderAt);
    WriteHeader(header, ByteWriter(value));
    value += bodies[header.part];
    const auto checksum = ChecksumOf(std::string_view(value).substr(kHeaderAt));
    value.replace(kChecksumAt, checksum.size(), checksum.data(), checksum.size());
    values.push_back(std::move(value));
  }
  return values;
}

std::expected<CountPart, CountRecordError> DecodePart(std::string_view value) {
  if (!value.starts_with(kMagic)) return std::unexpected(CountRecordError::kNoCounts);
  if (value.size() <= kHeaderAt) return std::unexpected(CountRecordError::kDamaged);
  if (value[kMagic.size()] != kVersion) return std::unexpected(CountRecordError::kUnknownVersion);
  const std::string_view rest = value.substr(kHeaderAt);
  const auto checksum = ChecksumOf(rest);
  if (value.substr(kChecksumAt, checksum.size()) !=
      std::string_view(checksum.data(), checksum.size())) {
    return std::unexpected(CountRecordError::kDamaged);
  }
  ByteReader in(rest);
  CountPart part;
  CountHeader& header = part.header;
  header.kind = in.Unsigned() == 0 ? CountKind::kDelta : CountKind::kSnapshot;
  header.topic = in.Text();
  header.partition = static_cast<int>(in.Unsigned());
  header.begin = in.Signed();
  header.end = in.Signed();
  header.writer = in.Unsigned();
  header.sequence = in.Unsigned();
  header.wall_ms = in.Signed();
  header.snapshot_at = in.Signed();
  header.part = in.Unsigned();
  header.parts = in.Unsigned();
  part.body = in.rest();
  if (!in.ok() || header.part >= header.parts) return std::unexpected(CountRecordError::kDamaged);
  return part;
}

}  // namespace routerate
