// Lines by number; what is known of each; a reader of the topic that counts as DESIGN G4 says.
#include "tests/sim/sim_oracle.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

#include "parsers/summary_record.h"

namespace routerate {
namespace {

constexpr std::size_t kMostMistakes = 10;

// One for all worlds: it holds memory worth keeping.
EventReader& Reader() {
  static EventReader reader;
  return reader;
}

LineId LastNumber(std::string_view text) {
  LineId id = 0;
  std::from_chars(text.data() + text.find_last_not_of("0123456789") + 1, text.data() + text.size(),
                  id);
  return id;
}

// Of what PathOf gave.
LineId IdOf(std::string_view path) {
  const std::string_view number = path.substr(std::min(path.find('/', 1), path.size()));
  if (number.size() < 2 || number[1] < 'a') return LastNumber(path);
  LineId id = 0;
  for (std::size_t i = 1; i < number.size(); i += 2) {
    id = 10 * id + static_cast<LineId>(number[i] - 'a');
  }
  return id;
}

}  // namespace

std::string SimOracle::PathOf(std::size_t log, LineId id, SimSettings::Ship ship) {
  const std::string number = std::to_string(id);
  if (ship == SimSettings::Ship::kEvents) return fmt::format("/w{}/{}", log, number);
  std::string path = fmt::format("/w{}", log);
  for (const char digit : number) path += {'/', static_cast<char>('a' + digit - '0')};
  return path;
}

std::uint64_t SimOracle::SizeOf(LineId id) {
  constexpr int kShift = 24;  // 40 bits: a sum of many stays exact
  return ((id + 1) * 0x9E3779B97F4A7C15U) >> kShift;
}

LineId SimOracle::Begin(std::size_t pod, std::size_t log, LineKind kind) {
  lines_.push_back({.pod = pod, .log = log, .kind = kind});
  return static_cast<LineId>(lines_.size() - 1);
}

void SimOracle::Complete(LineId id, std::uint64_t bytes) {
  Line& line = lines_[id];
  line.bytes = bytes;
  pods_[line.pod].open.push_back(id);
  if (line.places == 0) line.state = LineState::kExcused;
}

void SimOracle::Place(LineId id) {
  Line& line = lines_[id];
  ++line.places;
  // It came into being where nobody could look, and was moved to where one can.
  if (!line.was_placed && line.state == LineState::kExcused) line.state = LineState::kPending;
  line.was_placed = true;
}

void SimOracle::Seen(LineId id) {
  Line& line = lines_[id];
  if (line.state == LineState::kPending) line.state = LineState::kSeen;
}

void SimOracle::Owe(LineId id) {
  Line& line = lines_[id];
  if (line.state != LineState::kExcused) line.state = LineState::kOwed;
}

void SimOracle::LosePlace(LineId id, Knows agent) {
  Line& line = lines_[id];
  if (--line.places > 0 || line.state != LineState::kPending || line.stored) return;
  line.state = LineState::kExcused;
  line.due = agent == Knows::kNothing ? Due::kNo : Due::kAtNextLook;
  line.was_read = agent == Knows::kItsBytes;
}

void SimOracle::OnStored(std::size_t partition, const SimRecord& record) {
  std::vector<std::pair<std::string_view, std::string_view>> views(record.headers.begin(),
                                                                   record.headers.end());
  const auto headers = DecodeHeaders(views);
  if (!headers) return Blame("a record's headers are not valid");
  const bool summary = headers->kind == RecordKind::kSummary;
  if (headers->kind != RecordKind::kEvents && !summary) return;
  const std::string key = fmt::format("{} {} {}", partition, headers->source, headers->file);
  spdlog::debug("stored for {}", key);
  std::int64_t& mark = marks_.try_emplace(key, -1).first->second;
  summary ? OnSummary(*headers, record, mark) : OnEvents(record, mark);
}

// Whole, or not at all.
void SimOracle::OnSummary(const RecordHeaders& headers, const SimRecord& record,
                          std::int64_t& mark) {
  const bool repeat = headers.lines.last <= mark;
  if (!repeat && headers.lines.first <= mark) return Blame("a summary overlaps what was counted");
  mark = std::max(mark, headers.lines.last);
  static SummaryReader reader;
  const std::size_t skipped = reader.Read(record.value, [&](const SummaryRow& row) {
    const LineId id = IdOf(row.key.route);
    if (id < lines_.size()) lines_[id].stored = true;
    if (row.counts.Requests() != 1) Blame("a line was counted twice in a summary");
    if (repeat) {
      ++duplicates_;
    } else {
      CountEvent(row.key.route);
    }
  });
  if (skipped > 0) Blame("a summary has a line that is no row");
}

void SimOracle::OnEvents(const SimRecord& record, std::int64_t& mark) {
  const std::size_t skipped = Reader().Read(record.value, [&](const RecordedEvent& recorded) {
    const auto offset = static_cast<std::int64_t>(recorded.offset);
    const LineId id = IdOf(recorded.event.path);
    if (id < lines_.size()) lines_[id].stored = true;
    if (offset <= mark) {
      ++duplicates_;
    } else {
      mark = offset;
      CountEvent(recorded.event.path);
    }
  });
  if (skipped > 0) Blame("a record has a line that is no event");
}

void SimOracle::CountEvent(std::string_view path) {
  spdlog::debug("counted {}", path);
  const LineId id = IdOf(path);
  if (id >= lines_.size() || lines_[id].kind != LineKind::kEvent || lines_[id].bytes == 0) {
    return Blame(fmt::format("{} was counted: nobody wrote that line", path));
  }
  Line& line = lines_[id];
  if (++line.counted == 2) Blame(fmt::format("counted twice: {}", Describe(id)));
  counted_[line.log].requests += 1;
  counted_[line.log].bytes += SizeOf(id);
}

void SimOracle::OnRejectStored(std::string_view bytes) {
  if (!bytes.starts_with(kGarbage)) return;
  const LineId id = LastNumber(bytes.substr(0, bytes.find_last_not_of('\r') + 1));
  if (id < lines_.size()) lines_[id].stored = true;
}

void SimOracle::OnLook(std::size_t pod) {
  for (const LineId id : pods_[pod].open) {
    if (lines_[id].due == Due::kAtNextLook) lines_[id].due = Due::kYes;
  }
}

void SimOracle::OnDeath(std::size_t pod, Death death) {
  std::erase_if(pods_[pod].open,
                [this](LineId id) { return lines_[id].stored && lines_[id].due == Due::kNo; });
  for (const LineId id : pods_[pod].open) {
    Line& line = lines_[id];
    const bool forgotten = line.due == Due::kAtNextLook || (line.was_read && !line.stored);
    if (forgotten && death == Death::kProcess) line.due = Due::kNo;
    if (line.stored || line.state != LineState::kSeen) continue;
    line.state = line.places > 0 ? LineState::kPending : LineState::kExcused;
    if (line.places == 0 && death == Death::kProducer) line.due = Due::kAtNextLook;
  }
}

bool SimOracle::Settled() const {
  std::uint64_t rejects_missing = 0;
  for (const Line& line : lines_) {
    if (line.bytes == 0 || line.stored || line.state == LineState::kExcused) continue;
    if (line.kind == LineKind::kEvent) return false;
    if (line.kind == LineKind::kGarbage) ++rejects_missing;
  }
  return rejects_missing <= rejects_given_up_;
}

std::string SimOracle::Describe(LineId id) const {
  constexpr std::array<std::string_view, 3> kKinds = {"event", "garbage", "long line"};
  constexpr std::array<std::string_view, 4> kStates = {"not seen", "seen", "owed", "excused"};
  const Line& line = lines_[id];
  return fmt::format("{} {} of log {}, {} bytes, {}, {}, places {}",
                     kKinds[static_cast<std::size_t>(line.kind)], id, line.log, line.bytes,
                     kStates[static_cast<std::size_t>(line.state)],
                     line.stored ? "stored" : "not stored", line.places);
}

void SimOracle::Blame(std::string mistake) {
  if (blames_.size() < kMostMistakes) blames_.push_back(std::move(mistake));
}

std::vector<std::string> SimOracle::Mistakes() const {
  std::vector<std::string> mistakes = blames_;
  std::uint64_t rejects_missing = 0;
  for (LineId id = 0; id < lines_.size(); ++id) {
    const Line& line = lines_[id];
    if (line.bytes == 0 || line.state == LineState::kExcused) continue;
    if (line.kind == LineKind::kGarbage && !line.stored && ++rejects_missing > rejects_given_up_) {
      mistakes.push_back(fmt::format("reject lost: {}", Describe(id)));
    }
    if (line.kind == LineKind::kEvent && line.counted == 0) {
      mistakes.push_back(fmt::format("lost: {}", Describe(id)));
    }
  }
  if (mistakes.size() > kMostMistakes) mistakes.resize(kMostMistakes);
  return mistakes;
}

std::uint64_t SimOracle::DueBytes(std::size_t pod) const {
  std::uint64_t bytes = 0;
  for (const Line& line : lines_) {
    const bool due = line.pod == pod && line.due == Due::kYes && !line.stored;
    if (due && line.kind == LineKind::kEvent) bytes += line.bytes;
  }
  return bytes;
}

std::uint64_t SimOracle::LongBytes(std::size_t pod) const {
  std::uint64_t bytes = 0;
  for (const Line& line : lines_) {
    const bool there = line.pod == pod && line.state != LineState::kExcused;
    if (there && line.kind == LineKind::kLong) bytes += line.bytes;
  }
  return bytes;
}

std::uint64_t SimOracle::excused() const {
  return static_cast<std::uint64_t>(std::ranges::count(lines_, LineState::kExcused, &Line::state));
}

}  // namespace routerate
