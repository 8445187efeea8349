// Rejected lines of one file on their way to the dead-letter topic, first in, first out. Copies
// them; its reader bounds it by Bytes.
#pragma once

#include <string>
#include <vector>

#include "agent/rejected_line.h"

namespace routerate {

class RejectQueue {
 public:
  // What a record costs beside its bytes: headers, and the producer's memory for them.
  static constexpr std::uint64_t kRecordBytes = 1024;

  void Push(const RejectedLine& line) {
    lines_.push_back({line, bytes_.size()});
    bytes_ += line.bytes;
  }
  // Its view lives until the next Push or Pop.
  RejectedLine Front() const {
    RejectedLine line = lines_[front_].line;
    line.bytes = std::string_view(bytes_).substr(lines_[front_].begin, line.bytes.size());
    return line;
  }
  void Pop() {
    if (++front_ == lines_.size()) Clear();
  }
  void Clear() {
    lines_.clear();
    bytes_.clear();
    front_ = 0;
  }
  bool Empty() const { return lines_.empty(); }
  std::uint64_t Bytes() const { return bytes_.size() + kRecordBytes * lines_.size(); }

 private:
  struct Held {
    RejectedLine line;  // of its view only the size is meant
    std::size_t begin;  // in bytes_
  };
  std::vector<Held> lines_;
  std::string bytes_;
  std::size_t front_ = 0;
};

}  // namespace routerate
