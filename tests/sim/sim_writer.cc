// Lines are nginx's, in JSON; their path says their number, their size a number of 40 bits that
// makes a sum of sizes say which lines were counted.
#include "tests/sim/sim_writer.h"

#include <fmt/format.h>

namespace routerate {
namespace {

constexpr std::size_t kLongAgent = 700;  // bytes: a few lines fill a page

}  // namespace

SimWriter::SimWriter(SimDisk& disk, SimOracle& oracle, const Clock& clock,
                     const SimSettings& settings, Place place)
    : disk_(disk),
      oracle_(oracle),
      clock_(clock),
      settings_(settings),
      place_(place),
      path_(fmt::format("{}/w{}.log", disk.directory(), place.log)) {
  Reopen();
}

void SimWriter::SwitchTo(SimFile file) {
  Close();
  file_ = std::move(file);
  position_ = file_->content.size();
  opened_at_ = clock_.Monotonic();
  // Not after a truncation: a file with the beginning that it had, on the inode that it had, and
  // other lines behind is nothing that anybody could tell from the file before.
  const bool is_new = position_ == 0 && file_->modified_ns == file_->birth_ns;
  header_due_ = is_new && settings_.first_line == SimSettings::FirstLine::kAlike;
}

void SimWriter::Close() {
  if (file_ != nullptr) FinishHalf();
  file_.reset();
}

void SimWriter::Reopen() {
  Close();
  SwitchTo(disk_.Open(path_));
}

void SimWriter::Write(std::string_view text) {
  if (settings_.writing == SimSettings::Writing::kAppend) {
    disk_.Append(file_, text);
  } else {
    disk_.WriteAt(file_, position_, text);
  }
  position_ += text.size();
}

LineId SimWriter::Begin(LineKind kind) {
  FinishHalf();
  return oracle_.Begin(place_.pod, place_.log, kind);
}

std::string SimWriter::Text(LineId id) const {
  const WallMs now = clock_.Wall();
  std::string text = fmt::format(
      R"({{"msec":"{}.{:03}","method":"GET","request_uri":"{}","status":"200","size":{}}})",
      now / 1000, now % 1000, SimOracle::PathOf(place_.log, id, settings_.ship),
      SimOracle::SizeOf(id));
  if (settings_.reclaim == SimSettings::Reclaim::kPunch) {
    text.insert(1, fmt::format(R"("http_user_agent":"{}",)", std::string(kLongAgent, 'a')));
  }
  return text;
}

// A line that all files of the log begin with comes together with one that only this file has: who
// knows no more of a file than what all have cannot know it.
void SimWriter::WriteLine(LineId id, const std::string& text) {
  // Longer than the stretch of a file's head that any fingerprint takes.
  static const std::string kHeader = "# fields of this log: " + std::string(1100, '-') + "\n";
  Write(std::exchange(header_due_, false) ? kHeader + text : text);
  disk_.CompleteLine(file_, id, text.size());
}

void SimWriter::WriteLines(unsigned count, LineEnd end) {
  for (unsigned i = 0; i < count; ++i) {
    const LineId id = Begin(LineKind::kEvent);
    oracle_.At(id).ts_second = clock_.Wall() / 1000;
    WriteLine(id, Text(id) + (end == LineEnd::kCrLf ? "\r\n" : "\n"));
  }
}

void SimWriter::WriteHalf(unsigned percent) {
  if (header_due_) return WriteLines(1, LineEnd::kLf);
  const LineId id = Begin(LineKind::kEvent);
  const std::string text = Text(id) + "\n";
  const std::size_t cut = 1 + percent * (text.size() - 2) / 100;
  Write(std::string_view(text).substr(0, cut));
  half_ = Half{id, text, cut, file_->content.size() - cut};
}

void SimWriter::FinishHalf() {
  if (!half_) return;
  const Half half = *std::exchange(half_, std::nullopt);
  const std::string_view text = half.text;
  const std::string& content = file_->content;
  // Else a truncation took its beginning: the rest is no line.
  const bool whole = content.size() == half.begin + half.written &&
                     content.compare(half.begin, half.written, text, 0, half.written) == 0;
  Write(text.substr(half.written));
  if (whole) disk_.CompleteLine(file_, half.id, text.size());
}

void SimWriter::WriteGarbage(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    const LineId id = Begin(LineKind::kGarbage);
    WriteLine(id, fmt::format("{}of log {}, line {}\n", SimOracle::kGarbage, place_.log, id));
  }
}

void SimWriter::WriteLong(std::size_t bytes) {
  const LineId id = Begin(LineKind::kLong);
  WriteLine(id, fmt::format("{} {} {}\n", id, std::string(bytes, 'x'), id));
}

}  // namespace routerate
