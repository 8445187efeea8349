// The files that the inputs' patterns name, each followed once whatever its names: found,
// recognised from the checkpoint, kept through renames, begun again after truncations, read on in a
// copy, given up when they are gone and read.
//
// A scan goes over the names in three steps, since what a name leads to can only be said when all
// others were seen:
//   1. by inode: files that are open, files that are known and still have what was read of them;
//   2. beside: where files went that no name leads to any more, and what came to be and was rotated
//      away since the last scan;
//   3. strangers (stranger.h): copies of what was read already, files replaced by the same content,
//      and new files.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "agent/agent_events.h"
#include "agent/agent_options.h"
#include "agent/checkpoint.h"
#include "agent/file_watching.h"
#include "agent/input_paths.h"
#include "agent/known_files.h"
#include "agent/stranger.h"
#include "agent/tailed_file.h"

namespace routerate {

// What goes from one agent to the next when the configuration is read again.
struct FileInheritance {
  struct Open {
    CheckpointEntry entry;
    std::unique_ptr<File> file;
  };
  std::vector<CheckpointEntry> known;
  std::vector<Open> open;  // files whose names may be gone
};

class FileSet {
 public:
  // Borrows all but `inherited`. Open files that no input names any more are closed.
  FileSet(const AgentOptions& options, FileSystem& file_system, FileWatch& watch,
          AgentEvents& events, FileInheritance inherited);
  // All that is followed, at the acknowledged offsets. This set is done with.
  FileInheritance Release(WallMs wall);

  // What the kernel told: who must be looked at, and whether a scan is due.
  void Tell(const FileChanges& changes);
  // When the next scan is due; in a long while when all changes are told.
  Millis next_scan() const { return next_scan_; }
  void Scan(Millis now, WallMs wall);
  // What the last one cost, so that many files are not looked at too often.
  void ScanTook(Millis time);
  // Names that came to be up to then have been seen, and what is in their files is known.
  WallMs names_seen_at(WallMs now) const {
    return names_told_ && !scan_asked_ && !names_unclear_ ? now : names_seen_at_;
  }

  // Replaces a truncated file by its new content. The old one reads on in a copy of it, if there is
  // one, and stays until its records are acknowledged. Its batch must have been flushed.
  void BeginAgain(std::size_t index);

  // Opens a file anew whose server took it away, if its name leads there still: true. Else what was
  // not read of it is lost, unless its content is found elsewhere, and its records are waited for.
  bool ReplaceStale(std::size_t index);

  // Drops files that are gone, wholly read, acknowledged and quiet for rotated_wait.
  void CloseFinished(Millis now, WallMs wall);

  // Lets go the oldest of deleted files that take more room than max_deleted.
  void BoundDeleted();

  const std::vector<std::unique_ptr<TailedFile>>& files() const { return files_; }
  // True once after a file was found, held or begun again: then the checkpoint must be saved before
  // its lines are sent, so that a restart gives it the same id.
  bool TakeChanged() { return std::exchange(changed_, false); }
  std::vector<CheckpointEntry> Checkpoint(WallMs wall);
  void CheckpointSaved();
  // Files for which no descriptor was free at the last scan.
  std::size_t waiting() const { return waiting_; }

 private:
  // What may become a copy of a file that is gone is waited for so long, and looked at so often.
  static constexpr Millis kUndecided{5'000};
  static constexpr Millis kLookAgain{200};

  void AskForScan();
  struct Listed {
    std::string path;
    FileStatus status;
  };

  bool IsBehindLink(const std::string& path) const;
  void WatchNames();
  void MeetNames();
  void LookAtPlaces();
  using NameTimes = std::map<std::string, WallMs>;
  void RememberName(const std::string& path, WallMs since);
  void SetClockBack(WallMs by);
  void Recognise(Stranger found);
  bool Resume(Stranger& found, KnownFile& known);
  std::vector<std::string> LookBeside();
  enum class Names { kAll, kOthers };  // kOthers: which no input's pattern names
  // nullopt: that could not be seen, or there is no such directory.
  std::optional<std::vector<Listed>> List(const std::string& directory, Names which);
  void ResumeMoved(Stranger found, KnownFile& known);
  using GoneFiles = std::unordered_map<std::uint64_t, KnownFile*>;  // by inode
  std::map<std::string, GoneFiles> GoneByDirectory();
  void FindMoved(const Listed& listed, GoneFiles& gone);
  void FindMissed(const Listed& listed, const NameTimes& names);
  void MoveNameTimes(const std::vector<std::string>& looked_at);
  void GiveUpMissing();
  bool MissingMayAppear() const;
  void Hold(Stranger stranger);
  Result<void> RefreshHeld(HeldStranger& held);
  bool IsGone(HeldStranger& held) const;
  void DecideHeld();
  bool Decide(HeldStranger& held);
  bool IsEarly(HeldStranger& held);
  bool MayWait(const TailedFile& open, HeldStranger& held, Relation relation);
  std::unique_ptr<File> Open(Stranger& found);
  bool MakeRoom();
  void Inherit(FileInheritance::Open open);
  void Follow(const Stranger& found, std::unique_ptr<File> file, TailedFile::Start start);
  bool FindCopyOf(TailedFile& file);
  bool IsCopyOfOther(const Listed& listed, File& copy);
  TailedFile* FindOpen(const FileStatus& status);
  void Locate(TailedFile& file);
  bool HasChanged(TailedFile& file);
  void Park(TailedFile& file);
  void Index();

  const AgentOptions& options_;
  FileSystem& file_system_;
  AgentEvents& events_;
  InputPaths paths_;
  FileWatching watching_;
  TailedFile::Limits limits_;
  std::vector<std::unique_ptr<LineFormat>> formats_;  // one an input; outlive files_
  EventRedaction redaction_;                          // likewise; one for all files
  std::optional<RouteMatcher> routes_;                // likewise; of summaries
  std::vector<std::unique_ptr<TailedFile>> files_;
  std::unordered_multimap<std::uint64_t, TailedFile*> by_inode_;  // of files_ with a file
  std::unordered_multimap<std::string, TailedFile*> by_told_name_;
  KnownFiles known_;
  std::vector<HeldStranger> held_;  // open, and not yet known what they are

  // Of the scan under way, or the last one.
  Millis now_{0};
  WallMs wall_ = 0;
  std::vector<Stranger> strangers_;
  std::size_t waiting_ = 0;

  bool changed_ = false;
  bool names_told_ = false;     // changes of all inputs' names are told
  bool scan_asked_ = false;     // something was told since the last scan
  bool names_unclear_ = false;  // in the last scan
  bool skips_ = false;          // it found nothing that is not told
  Millis next_scan_{0};
  Millis no_scan_before_{0};  // whatever is told
  Millis blind_pause_{0};
  WallMs scanned_at_ = 0;     // when the last scan began; 0: none yet
  Millis scanned_at_now_{0};  // likewise
  std::optional<Millis> first_scan_;
  bool missing_given_up_ = false;  // once, some time after the start
  // By directory, what the inputs' patterns named at some time, with when it was last seen what had
  // been rotated away from there.
  std::map<std::string, NameTimes> names_;
  std::size_t names_count_ = 0;
  WallMs names_seen_at_ = 0;  // when the last began that could see all
};

}  // namespace routerate
