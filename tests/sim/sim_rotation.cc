// Each kind in the steps that the real tools take.
#include "tests/sim/sim_rotation.h"

#include <fmt/format.h>

namespace routerate {

std::string SimRotation::Generation(unsigned number) const {
  return fmt::format("{}.{}", writer_.path(), number);
}

std::string SimRotation::Elsewhere(const std::string& directory) {
  const std::string& path = writer_.path();
  return fmt::format("{}{}.{}", directory, path.substr(path.rfind('/')), ++moved_);
}

bool SimRotation::Do(const Action& action) {
  if (action.act == Act::kCompress || disk_.Exists(writer_.path())) {
    return Rename(action) || Replace(action);
  }
  writer_.Reopen();  // nothing has the name, so there is nothing to rotate
  return true;
}

void SimRotation::Shift() {
  disk_.Remove(Generation(kGenerations));
  for (unsigned i = kGenerations; i > 1; --i) disk_.Rename(Generation(i - 1), Generation(i));
}

bool SimRotation::Rename(const Action& action) {
  const auto rename = [this] {
    Shift();
    disk_.Rename(writer_.path(), Generation(1));
  };
  switch (action.act) {
    case Act::kRename:
      rename();
      if (action.amount > 0) (void)disk_.Open(writer_.path());
      if (action.amount == 1) writer_.WriteLines(action.extra, SimWriter::LineEnd::kLf);
      if (action.amount < 2) writer_.Reopen();
      return true;
    case Act::kRenameGap:
      rename();
      return true;
    case Act::kRotateTwice:
      rename();
      writer_.Reopen();
      writer_.WriteLines(action.amount, SimWriter::LineEnd::kLf);
      rename();
      writer_.Reopen();
      return true;
    case Act::kMoveOut:
      MoveOut();
      return true;
    case Act::kSymlinkSwitch:
      SwitchSymlink();
      return true;
    case Act::kCompress:
      Compress();
      return true;
    default:
      return false;
  }
}

bool SimRotation::Replace(const Action& action) {
  const std::string hidden = disk_.directory() + "/.new";
  switch (action.act) {
    case Act::kCopyTruncate:
      CopyTruncate(action.amount);
      return true;
    case Act::kDelete:
      disk_.Remove(writer_.path());
      return true;
    case Act::kDeleteRecreate:
      DeleteRecreate(action.amount);
      return true;
    case Act::kReplaceSame:
      writer_.FinishHalf();
      // In the place of a file of which an agent knows one line, another may begin with it.
      if (disk_.Delivered(disk_.Open(writer_.path())) < 2) return true;
      disk_.Copy(disk_.Open(writer_.path()), hidden);
      ReplaceBy(disk_.Open(hidden), hidden);
      return true;
    case Act::kReplaceOther:
      writer_.SwitchTo(disk_.Open(hidden));
      writer_.WriteLines(action.amount, SimWriter::LineEnd::kLf);
      ReplaceBy(writer_.file(), hidden);
      return true;
    case Act::kTruncate:
      disk_.Truncate(disk_.Open(writer_.path()));
      return true;
    case Act::kTruncateRegrow:
      TruncateRegrow(action.amount);
      return true;
    default:
      return false;
  }
}

void SimRotation::MoveOut() {
  disk_.Rename(writer_.path(), Elsewhere("/archive"));
  writer_.Reopen();
}

// The name becomes a link to a new file elsewhere.
void SimRotation::SwitchSymlink() {
  const std::string& path = writer_.path();
  if (!disk_.IsSymlink(path)) disk_.Rename(path, Elsewhere("/data"));
  const std::string target = Elsewhere("/data");
  (void)disk_.Open(target);
  disk_.Symlink(target, path);
  writer_.Reopen();
}

// logrotate copies, then truncates; what is written in between is nobody's.
void SimRotation::CopyTruncate(unsigned how) {
  const SimFile file = disk_.Open(writer_.path());
  if (how > 0) Shift();
  disk_.Copy(file, how == 0 ? Elsewhere("/archive") : Generation(1));
  if (how == 3) writer_.WriteLines(1, SimWriter::LineEnd::kLf);
  disk_.Truncate(file);
}

// Nobody but the agent may keep the inode, so that its number is free.
void SimRotation::DeleteRecreate(unsigned lines) {
  disk_.Remove(writer_.path());
  writer_.Close();
  writer_.Reopen();
  writer_.WriteLines(lines, SimWriter::LineEnd::kLf);
}

void SimRotation::ReplaceBy(const SimFile& file, const std::string& hidden) {
  writer_.SwitchTo(file);
  disk_.Rename(hidden, writer_.path());
}

// What was read up to an offset is there no more, and the file is longer than that again.
void SimRotation::TruncateRegrow(unsigned lines) {
  const SimFile file = disk_.Open(writer_.path());
  // Of what was not read nobody can say that it was there.
  file->told_size = file->read_end;
  disk_.Truncate(file);
  writer_.WriteLines(lines, SimWriter::LineEnd::kLf);
}

void SimRotation::Compress() {
  for (unsigned i = kGenerations; i > 0; --i) {
    if (!disk_.Exists(Generation(i))) continue;
    if (settings_.pattern == SimSettings::Pattern::kLogsOnly) {
      disk_.Append(disk_.Open(Generation(i) + ".gz"), "\x1f\x8b compressed\n");
    }
    disk_.Remove(Generation(i));
    return;
  }
}

}  // namespace routerate
