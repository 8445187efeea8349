// One request, reduced to what is counted of it.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "parsers/access_event.h"
#include "parsers/code_class.h"

namespace routerate {

inline constexpr std::int64_t kMsASecond = 1000;

// The second that an instant lies in, before 1970 too.
constexpr std::int64_t SecondOf(WallMs ms) {
  return ms / kMsASecond - (ms % kMsASecond < 0 ? 1 : 0);
}

// No response body and no request's duration is larger: a petabyte, 35 years. What claims more is
// nonsense that would make sums overflow.
inline constexpr std::int64_t kMostPlausible = std::int64_t{1} << 50;

struct RequestSample {
  std::optional<std::int64_t> second = {};  // of event time; nullopt: counts in totals only
  CodeClass code_class = CodeClass::kUnknown;
  std::uint64_t bytes = 0;
  std::int64_t duration_us = -1;  // -1: the log does not tell
};

// All of it but the second, which is the caller's to believe.
constexpr RequestSample SampleOf(const AccessEvent& event) {
  const auto plausible = [](std::int64_t value) { return value >= 0 && value <= kMostPlausible; };
  RequestSample sample;
  sample.code_class = CodeClassOf(event.status);
  if (plausible(event.bytes)) sample.bytes = static_cast<std::uint64_t>(event.bytes);
  if (plausible(event.duration_us)) sample.duration_us = event.duration_us;
  return sample;
}

}  // namespace routerate
