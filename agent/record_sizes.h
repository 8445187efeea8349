// RecordSizes: how large a record Kafka takes, learnt from what it refused. A topic's
// max.message.bytes counts what is left after compression, so no size of ours says beforehand what
// is taken. Pure: it is given the time.
//
// A record of several lines that is refused halves what a record may have; a refused line shows
// what a line may not have. Neither stands for ever: after kBelief without a refusal both double,
// so a limit that was raised is found out at the price of one more refusal.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "base/clock.h"

namespace routerate {

enum class Lines { kOne, kSeveral };
// Of a record's value, which ends with a newline.
inline Lines LinesIn(std::string_view record) {
  return record.find('\n') + 1 == record.size() ? Lines::kOne : Lines::kSeveral;
}

class RecordSizes {
 public:
  static constexpr Millis kBelief{600'000};

  // The lines at the batch's beginning that make one record: all that fit, and one in any case.
  // Not empty; every line in it ends with its newline. The view lives as long as the batch.
  std::string_view FirstRecord(std::string_view batch, Millis now);
  // Whether a record of so many bytes that are no lines of events is taken, as far as is known.
  bool Fits(std::uint64_t bytes, Millis now);
  // Whether a line of so many bytes would be refused, as far as is known.
  bool IsOversize(std::uint64_t bytes, Millis now);
  // Kafka does not take a record of so many bytes.
  void Refused(std::uint64_t bytes, Lines lines, Millis now);

 private:
  static constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();
  void ForgetWhenDue(Millis now);

  std::uint64_t record_limit_ = kNoLimit;  // bytes of several lines in one record, at most
  std::uint64_t line_limit_ = kNoLimit;    // bytes of a line that was refused
  Millis changed_at_{0};
};

}  // namespace routerate
