// Where a program's main loop sleeps: until files changed (inotify), another thread kicked, a
// signal came, or time ran out. inotify is a hint only: what is lost or never sent (network file
// systems, a full queue, no watches left) is found by the loop's own scan.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/file_changes.h"
#include "base/result.h"

namespace routerate {

struct Wakeup {
  FileChanges files;    // in watched directories
  bool kicked = false;  // kick_fd was written
  bool stop = false;    // SIGTERM or SIGINT
  bool reload = false;  // SIGHUP
};

enum class WatchFiles { kYes, kNo };

// One thread, the loop's; kick_fd may be written from any.
class Waiter final : public FileWatch {
 public:
  // Blocks SIGTERM, SIGINT and SIGHUP in this thread and those it starts later, so it comes before
  // any thread. With `watch` kNo, or when this user may have no inotify any more, Watch tells
  // nothing.
  static Result<std::unique_ptr<Waiter>> Create(WatchFiles watch);
  ~Waiter() override;

  bool Watch(const std::string& directory) override;

  // An eventfd: writing an 8-byte 1 to it ends the wait.
  int kick_fd() const;

  // With `heed_files` kNo file events end no wait. They are told when its time is over, all at
  // once: a loop that sends then reads first what was written until then.
  Wakeup Wait(Millis timeout, WatchFiles heed_files);

 private:
  struct State;
  explicit Waiter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace routerate
