// The pod's labels as Kubernetes' downward API writes them into a file, which changes with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "agent/agent_events.h"
#include "base/clock.h"
#include "base/file_system.h"
#include "base/result.h"

namespace routerate {

// A line is KEY="VALUE", the value quoted as Go does. Kubernetes replaces the file by switching the
// symbolic link ..data that its name leads over. Not thread-safe.
class LabelsFile {
 public:
  // So often it is looked at, at most.
  static constexpr Millis kInterval{2000};
  // A file that is larger is not one of labels: Kubernetes' objects are smaller.
  static constexpr std::uint64_t kMostBytes = 1 << 20;

  // Borrows all. An empty path: there is none.
  LabelsFile(std::string path, FileSystem& file_system, AgentEvents& events)
      : path_(std::move(path)), file_system_(file_system), events_(events) {}

  // The labels as rr-labels has them; empty: they were never read. Those that were are kept while
  // the file cannot be.
  const std::string& Look(Millis now);

 private:
  Result<void> ReadIfChanged();

  std::string path_;
  FileSystem& file_system_;
  AgentEvents& events_;
  std::optional<Millis> looked_at_;
  std::optional<FileStatus> read_;  // the file whose labels these are
  std::string labels_;
};

}  // namespace routerate
