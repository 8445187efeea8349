// How the aggregator itself fares: what it met in the records, counted. The logic calls a method
// for each thing that can happen; stats_metrics.cc turns the counts into metrics.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aggregator/count_record_error.h"
#include "parsers/event_record.h"

namespace routerate {

// Why a whole record was skipped: a RecordError, or one of these behind them.
// A summary of lines of which some were counted and some were not: no agent of ours makes one.
inline constexpr std::size_t kRejectedOverlap = kRecordErrorCount;
inline constexpr std::size_t kRejectedSourceLimit = kRecordErrorCount + 1;
inline constexpr std::size_t kRejectionCount = kRecordErrorCount + 2;

inline std::string_view RejectionName(std::size_t reason) {
  if (reason == kRejectedOverlap) return "overlapping_summary";
  if (reason == kRejectedSourceLimit) return "too_many_sources";
  return RecordErrorName(static_cast<RecordError>(reason));
}

inline constexpr std::size_t kRecordKindCount = 4;
inline std::string_view RecordKindName(std::size_t kind) {
  constexpr std::array<std::string_view, kRecordKindCount> kNames = {"events", "summary",
                                                                     "heartbeat", "goodbye"};
  return kNames[kind];
}

// Plain numbers, copied into each snapshot. Not thread-safe.
struct OwnHealth {
  std::array<std::uint64_t, kRecordKindCount> records{};  // accepted
  std::array<std::uint64_t, kRejectionCount> rejected_records{};
  std::uint64_t rejected_events = 0;    // lines of accepted records that are no event, or no row
  std::uint64_t rejected_requests = 0;  // of summaries that were rejected
  std::uint64_t events = 0;             // counted
  std::uint64_t duplicates = 0;         // dropped: counted before
  std::uint64_t late = 0;      // counted, but older than their source's watermark less lateness
  std::uint64_t too_old = 0;   // counted in totals only: older than all buckets
  std::uint64_t future = 0;    // counted in totals only: from a clock that is ahead
  std::uint64_t overflow = 0;  // counted as route `other`
  // Of the counts log: what is none of its records, by CountRecordError; and what did not join.
  std::array<std::uint64_t, kCountRecordErrorCount> rejected_counts{};
  std::uint64_t ignored_counts = 0;

  void RecordAccepted(RecordKind kind) { ++records[static_cast<std::size_t>(kind)]; }
  void RecordRejected(std::size_t reason) { ++rejected_records[reason]; }
  std::uint64_t RecordsRejected() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : rejected_records) sum += count;
    return sum;
  }
};

}  // namespace routerate
