// The Kafka record, version 1 (docs/record.md). One record carries a batch of one source's events
// of one file: headers say what it is, its value is newline-delimited JSON, one event a line; or,
// as a summary, what was counted of them (summary_record.h). Pure: knows no Kafka library;
// kafka_*.cc files carry headers and value across.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/access_event.h"
#include "parsers/pod_description.h"

namespace routerate {

inline constexpr int kRecordVersion = 1;

enum class RecordKind { kEvents, kSummary, kHeartbeat, kGoodbye };

// Offsets of the first bytes of two lines, both counted.
struct LineRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

struct RecordHeaders {
  RecordKind kind = RecordKind::kEvents;
  std::string source;  // "namespace/service/pod"
  std::string file;    // stable id of the file; empty but for kEvents and kSummary
  std::int64_t watermark_ms =
      0;                    // every line written up to then has been sent on this key; 0: none
  LineRange lines = {};     // of kSummary
  PodDescription pod = {};  // of kHeartbeat: all that it tells of its pod
};

using HeaderPairs = std::vector<std::pair<std::string, std::string>>;
using HeaderViews = std::span<const std::pair<std::string_view, std::string_view>>;

// Names: rr-version, rr-kind, rr-source, rr-file, rr-watermark; rr-first and rr-last of a summary;
// rr-workload and rr-labels of a heartbeat. rr-file and these two are left out when empty.
HeaderPairs EncodeHeaders(const RecordHeaders& headers);

enum class RecordError {
  kNoVersion,
  kUnknownVersion,
  kUnknownKind,
  kBadSource,  // not three parts of text
  kNoFile,     // events and summaries must say whose offsets theirs are
  kBadWatermark,
  kBadRange,  // a summary must say which lines it is of
  kBadEvent,  // a line of the value is no event (counted by the reader's caller)
};
inline constexpr int kRecordErrorCount = 8;
std::string_view RecordErrorName(RecordError error);

// Order of headers does not matter; unknown ones are skipped; of repeated ones the first counts.
// What cannot be a pod's workload or labels is taken for not told.
std::expected<RecordHeaders, RecordError> DecodeHeaders(HeaderViews headers);

// Appends one event as a line of JSON with its newline. Unknown or absent fields are left out; what
// is written is valid JSON and valid UTF-8 if the event's views are.
void AppendEvent(std::uint64_t offset, const AccessEvent& event, std::string* out);

struct RecordedEvent {
  std::uint64_t offset = 0;  // of the line's first byte in its file
  AccessEvent event;
};

// Reads a record's value. Holds a padded copy of it, which grows to the largest value seen. Not
// thread-safe.
class EventReader {
 public:
  EventReader();
  ~EventReader();
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  // Calls `visit` for each event in order; views live during the call only. A line that is no event
  // is skipped. Returns how many were skipped.
  std::size_t Read(std::string_view value, const std::function<void(const RecordedEvent&)>& visit);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace routerate
