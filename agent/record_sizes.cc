// Halving and doubling.
#include "agent/record_sizes.h"

#include <algorithm>

#include "base/check.h"

namespace routerate {
namespace {

std::uint64_t Doubled(std::uint64_t limit) {
  constexpr std::uint64_t kBeyondAnyRecord = 1 << 30;
  return limit >= kBeyondAnyRecord ? std::numeric_limits<std::uint64_t>::max() : 2 * limit;
}

}  // namespace

std::string_view RecordSizes::FirstRecord(std::string_view batch, Millis now) {
  RR_CHECK(batch.ends_with('\n'));
  ForgetWhenDue(now);
  if (batch.size() <= record_limit_) return batch;
  const std::size_t last =
      record_limit_ == 0 ? std::string_view::npos : batch.rfind('\n', record_limit_ - 1);
  const std::size_t end = last == std::string_view::npos ? batch.find('\n') : last;
  return batch.substr(0, end + 1);
}

bool RecordSizes::Fits(std::uint64_t bytes, Millis now) {
  ForgetWhenDue(now);
  return bytes <= record_limit_;
}

bool RecordSizes::IsOversize(std::uint64_t bytes, Millis now) {
  ForgetWhenDue(now);
  return bytes >= line_limit_;
}

void RecordSizes::Refused(std::uint64_t bytes, Lines lines, Millis now) {
  ForgetWhenDue(now);
  changed_at_ = now;
  if (lines == Lines::kOne) {
    line_limit_ = std::min(line_limit_, bytes);
  } else {
    record_limit_ = std::min(record_limit_, bytes / 2);
  }
}

void RecordSizes::ForgetWhenDue(Millis now) {
  while (now - changed_at_ >= kBelief) {
    if (record_limit_ == kNoLimit && line_limit_ == kNoLimit) {
      changed_at_ = now;
      return;
    }
    record_limit_ = Doubled(record_limit_);
    line_limit_ = Doubled(line_limit_);
    changed_at_ += kBelief;
  }
}

}  // namespace routerate
