// Which lines of which file have been counted: what makes at-least-once delivery count once (DESIGN
// G4, A2). A partition holds all records of a source, in order, so an offset at or below the last
// one counted is a repeat.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace routerate {

// The marks of one partition. ~200 bytes a file, kMost files at most. Not thread-safe.
class HighWaterMarks {
 public:
  // A repeat that comes later after its source's last record than this is counted again. Time is
  // the log's own (the records' times), so that replaying a log drops the same repeats.
  static constexpr Millis kLife{24 * 3600 * 1000};
  static constexpr std::size_t kMost = 1 << 18;

  struct Mark {
    std::int64_t last_offset = -1;  // of the last line counted
    WallMs heard_ms = 0;            // when the file last had a record
  };

  // The mark of a file, made when it is new. `heard_ms` is the record's time. Valid until the next
  // call. At kMost the half that was heard of least recently is dropped first.
  Mark& At(std::string_view source, std::string_view file, WallMs heard_ms);

  // Of a file that may not be there; nullptr then.
  const Mark* Find(std::string_view source, std::string_view file) const;
  // Takes over all that another has moved.
  void Merge(const HighWaterMarks& other);
  // By source, NUL, file.
  const std::unordered_map<std::string, Mark>& all() const { return marks_; }
  void Set(std::string_view key, const Mark& mark);
  WallMs newest_ms() const { return newest_ms_; }

  // The log has come to this time.
  void Touch(WallMs heard_ms) { newest_ms_ = std::max(newest_ms_, heard_ms); }
  // Drops the marks whose life is over; call it now and then.
  void Expire();

  std::size_t size() const { return marks_.size(); }

 private:
  Mark& AtKey(WallMs heard_ms);
  void DropOlderHalf();

  std::unordered_map<std::string, Mark> marks_;
  mutable std::string key_;  // looked for; kept for its memory
  WallMs newest_ms_ = 0;     // the log's own time
};

}  // namespace routerate
