// Gives back the blocks of what is acknowledged (option `reclaim: punch`, DESIGN A12), so that a
// log that nobody rotates does not fill its disk.
//
//   0 ......... head ............. end ........... before ........... saved .......... size
//     kept          holes by now       kept, later       in the newest
//                                      a hole            checkpoint only
//
// The newest checkpoint may be found damaged; then the one before must find the file by its
// evidence (file_identity.h). So holes end a little before the offset in that one. The head holds
// the first line, which names the file.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/agent_events.h"
#include "agent/agent_options.h"
#include "agent/tailed_file.h"
#include "base/file_system.h"
#include "base/result.h"

namespace routerate {

// Does nothing unless the option is set. Not thread-safe.
class Reclaim {
 public:
  // Holes begin and end at multiples of it; at least so much is kept before an offset.
  static constexpr std::uint64_t kPage = 4096;

  // Borrows all.
  Reclaim(const AgentOptions& options, FileSystem& file_system, AgentEvents& events);

  // A checkpoint was saved in which each of the files stands at its committed().
  void CheckpointSaved(const std::vector<std::unique_ptr<TailedFile>>& files);
  // There is something to give back as soon as another checkpoint was saved.
  bool WantsCheckpoint() const { return wants_checkpoint_; }

 private:
  void Examine(TailedFile& file);
  bool IsEnough(const TailedFile& file, std::uint64_t end) const;
  bool GiveBack(TailedFile& file, std::uint64_t end);
  Result<bool> PunchUpTo(std::uint64_t end, TailedFile& file, File& writable);
  Result<std::unique_ptr<File>> Open(const TailedFile& file);
  void Refuse(const TailedFile& file, const Error& error);

  const AgentOptions& options_;
  FileSystem& file_system_;
  AgentEvents& events_;
  std::uint64_t head_;  // bytes kept at a file's beginning
  bool wants_checkpoint_ = false;
  std::set<std::pair<std::string, int>> told_;  // directory and errno: what was refused
};

}  // namespace routerate
