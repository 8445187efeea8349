// Where a service stands in event time: which of its windows have a value, and where they end
// (DESIGN G2, G3).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "aggregator/source_state.h"
#include "aggregator/windows.h"

namespace routerate {

enum class ServiceState {
  kKnown,    // every window has a value; 0 is a real zero
  kWarming,  // known for less than a window, or its log is still being read: no value there
  kUnknown,  // no source is live, or those that are had too little of the traffic: no values
  kGone,     // every source said goodbye: no values
};
inline constexpr std::array kServiceStates = {ServiceState::kKnown, ServiceState::kWarming,
                                              ServiceState::kUnknown, ServiceState::kGone};
std::string_view ServiceStateName(ServiceState state);

struct ServiceTime {
  ServiceState state = ServiceState::kUnknown;
  // The earliest watermark of live sources; without one the latest of the others. nullopt: none
  // told.
  std::optional<WallMs> watermark_ms;
  // The part of recent traffic that live sources had; 1: nobody else had any.
  double coverage = 1;
  // Windows are the seconds before this one.
  std::int64_t end = 0;
  // Whether window i has a value, as far as time tells.
  std::array<bool, kWindows.size()> valid{};
};

enum class LogReading { kCaughtUp, kBehind };

// What a service's sources in all partitions say together. Pure.
class ServiceTimeJudge {
 public:
  struct Rules {
    Millis lateness;
    Millis stale_after;
    double min_coverage;
  };
  ServiceTimeJudge(WallMs now, const Rules& rules) : now_(now), rules_(rules) {}

  void Add(const SourceState& source);
  // Of each partition that knows the service.
  void AddKnownSince(WallMs ms);
  ServiceTime Judge(LogReading reading) const;

 private:
  WallMs now_;
  Rules rules_;
  double live_requests_ = 0;
  double stale_requests_ = 0;
  bool any_live_ = false;
  bool any_stale_ = false;
  std::optional<WallMs> earliest_live_ms_;
  std::optional<WallMs> latest_other_ms_;
  std::optional<WallMs> known_since_ms_;
};

}  // namespace routerate
