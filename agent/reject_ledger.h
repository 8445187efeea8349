// Rejected lines by file and reason, and which of them are shown to people. Files come and go and
// labels stay, so the number of files told apart is bounded.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "parsers/rejection.h"
#include "parsers/text_scratch.h"

namespace routerate {

// Pure: is given the time, monotonic. Not thread-safe.
//
// kMostFiles paths have counts of their own. A further one takes the place of the path that has
// been without a reject for longest, if that is kForgetAfter at least; else it counts as kOther. So
// a path's counts may end and begin again at 0; a total over all is kept elsewhere.
class RejectLedger {
 public:
  static constexpr std::size_t kMostFiles = 64;
  static constexpr Millis kForgetAfter{3'600'000};
  static constexpr Millis kShowInterval{10'000};  // of a file one line is shown so often at most
  static constexpr std::string_view kOther = "other";

  // Counts a line. A value: show the line, and say how many of its file were not shown before it.
  std::optional<std::uint64_t> Count(std::string_view path, RejectReason reason, Millis now);

  // Lines not shown, of files that have shown none for kShowInterval; each told once.
  struct Unshown {
    std::string path;
    std::uint64_t lines;
  };
  std::vector<Unshown> TakeUnshown(Millis now);

  using Counts = std::array<std::uint64_t, kRejectReasonCount>;  // by RejectReason
  // By path, in valid UTF-8: bytes that are not UTF-8 stand as %HH.
  std::map<std::string, Counts> CountsByPath() const;

 private:
  struct FileRejects {
    Counts counts{};
    Millis last{0};  // a line was rejected
    Millis shown{-kShowInterval};
    std::uint64_t unshown = 0;
  };
  FileRejects& Find(std::string_view path, Millis now);
  bool HasRoom(Millis now);

  std::map<std::string, FileRejects, std::less<>> files_;
  FileRejects other_;
  TextScratch scratch_;
};

}  // namespace routerate
