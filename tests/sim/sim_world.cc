// Time goes from one event to the next; between actions everything that is due is done.
#include "tests/sim/sim_world.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace routerate {
namespace {

constexpr Millis kWindow{60'000};  // the longest that rates are told of
constexpr Millis kSeenUntold{12'000};

Millis StepOf(const Action& action) {
  constexpr int kNone = 20'000;
  return Millis{static_cast<int>(action.amount) - kNone};
}

}  // namespace

SimWorld::SimWorld(const SimProfile& profile, const SimSettings& settings, std::uint64_t seed,
                   Breakage breakage)
    : profile_(profile),
      settings_(settings),
      random_(seed),
      oracle_(settings.pods, settings.pods * settings.logs_per_pod),
      topic_(settings.partitions,
             [this](std::size_t partition, const SimRecord& record) {
               oracle_.OnStored(partition, record);
             }),
      rejects_(1, [this](std::size_t,
                         const SimRecord& record) { oracle_.OnRejectStored(record.value); }),
      aggregator_(settings.replicas, topic_, weather_, now_, oracle_) {
  const SimSurroundings around{profile_, settings_, topic_, rejects_,
                               weather_, oracle_,   now_,   random_};
  for (std::size_t i = 0; i < settings.pods; ++i) {
    pods_.push_back(std::make_unique<SimPod>(around, i, breakage));
    for (std::size_t j = 0; j < settings.logs_per_pod; ++j) {
      const SimWriter::Place place{i, i * settings.logs_per_pod + j};
      logs_.push_back(std::make_unique<Log>(*pods_.back(), oracle_, settings_, place));
    }
  }
  // Each agent has run before: what it finds later is later than that.
  Pass(Millis{0});
}

void SimWorld::RunDue() {
  for (const auto& pod : pods_) pod->Run();
  aggregator_.Run();
}

Millis SimWorld::NextEvent() const {
  Millis next = aggregator_.NextEvent();
  for (const auto& pod : pods_) next = std::min(next, pod->NextEvent());
  return next;
}

void SimWorld::Pass(Millis time) {
  const Millis end = now_ + time;
  constexpr int kMostEvents = 100'000;
  int events = 0;
  for (Millis next = NextEvent(); next <= end && ++events < kMostEvents; next = NextEvent()) {
    now_ = std::max(now_, next);
    RunDue();
  }
  if (events == kMostEvents) oracle_.Blame(fmt::format("time stands still at {} ms", now_.count()));
  now_ = end;
}

void SimWorld::Do(const Action& action) {
  SimPod& pod = logs_[action.target % logs_.size()]->pod;
  spdlog::debug("{} ms: {}", now_.count(), KindOf(action.act).name);
  if (action.inside > 0 && pod.alive()) {
    ++tally_.inside;
    pod.HappenInside(action.inside, [this, action] { Happen(action); });
    Pass(Millis{action.wait_ms});
    pod.HappenNow();
  } else {
    Happen(action);
    Pass(Millis{action.wait_ms});
  }
}

void SimWorld::Happen(const Action& action) {
  ++tally_.acts[static_cast<std::size_t>(action.act)];
  Log& log = *logs_[action.target % logs_.size()];
  if (action.act <= Act::kReopen) return Write(action, log);
  if (action.act <= Act::kCompress) return Rotate(action, log);
  if (action.act <= Act::kDrain) return StrikeAgent(action, log.pod);
  if (action.act <= Act::kRejectsRefused) return StrikeKafka(action, log.pod);
  if (action.act <= Act::kAgentClock) return StrikeNode(action, log.pod);
  StrikeAggregator(action);
}

// The agent has looked since the file was made or truncated, in such a profile.
bool SimWorld::Seen(const Log& log) const {
  if (log.pod.seen_until() <= log.truncated_at) return false;
  if (profile_.rotations == SimProfile::Rotations::kAny) return true;
  return log.pod.alive() && log.pod.seen_until() > log.writer.opened_at();
}

void SimWorld::Write(const Action& action, Log& log) {
  SimWriter& writer = log.writer;
  const bool astray = profile_.late_lines == SimProfile::LateLines::kNever &&
                      !log.pod.disk().Leads(writer.path(), writer.file());
  if (action.act == Act::kReopen || astray) writer.Reopen();
  if (log.pod.seen_until() <= log.truncated_at) return;
  switch (action.act) {
    case Act::kWrite:
      return writer.WriteLines(action.amount + 1, action.extra == 1 ? SimWriter::LineEnd::kCrLf
                                                                    : SimWriter::LineEnd::kLf);
    case Act::kWriteHalf:
      return writer.WriteHalf(action.amount);
    case Act::kWriteGarbage:
      return writer.WriteGarbage(action.amount + 1);
    case Act::kWriteLong:
      return writer.WriteLong((action.amount + 1) * kSimMaxLine + 100);
    default:
      return;
  }
}

void SimWorld::Rotate(Action action, Log& log) {
  if (!Seen(log)) {
    --tally_.acts[static_cast<std::size_t>(action.act)];
    return;
  }
  const bool seen_first = profile_.truncations == SimProfile::Truncations::kSeenBeforeWritten;
  if (action.act == Act::kTruncate && seen_first) log.truncated_at = now_;
  if (profile_.late_lines == SimProfile::LateLines::kNever && action.act == Act::kRename) {
    action.extra = 0;
  }
  // A copy of which an agent remembers no more than how all files begin could be another file. And
  // who may be killed before he could write down what he read knows no copy of it.
  const bool copies = action.act == Act::kCopyTruncate || action.act == Act::kReplaceSame;
  const bool alike = settings_.first_line == SimSettings::FirstLine::kAlike;
  if (copies && (alike || log.pod.DiskFails())) action.act = Act::kTruncate;
  if (alike && log.pod.DiskFails()) return;  // the other name may be a copy's, for all one can tell
  log.rotation.Do(action);
}

void SimWorld::StrikeAgent(const Action& action, SimPod& pod) {
  const Millis time{action.amount};
  switch (action.act) {
    case Act::kKill:
      return pod.Kill(action.extra, time);
    case Act::kKillInside:
      return pod.KillInside(action.amount + 1, action.extra, Millis{action.amount * 10});
    case Act::kPause:
      return pod.Pause(time);
    default:
      return pod.Drain(time);
  }
}

void SimWorld::StrikeKafka(const Action& action, SimPod& pod) {
  const Millis until = now_ + Millis{action.amount};
  switch (action.act) {
    case Act::kOutage:
      weather_.down_until = until;
      return;
    case Act::kSlowAcks:
      weather_.slow_by = Millis{action.amount};
      weather_.slow_until = now_ + Millis{action.extra};
      return;
    case Act::kLoseAcks:
      return pod.LoseAcks(action.amount + 1, Millis{action.extra});
    case Act::kProducerFails:
      return pod.ProducerFails(action.amount);
    case Act::kQueueFull:
      weather_.full_until = until;
      return;
    default:
      return pod.RefuseRejects();
  }
}

void SimWorld::StrikeNode(const Action& action, SimPod& pod) {
  const Millis time{action.amount};
  switch (action.act) {
    case Act::kDiskFull:
      return pod.DiskFull(time);
    case Act::kIoErrors:
      return pod.IoErrors(time, action.extra + 1);
    case Act::kWatchDeaf:
      pod.Deafen(time);
      return aggregator_.DistrustTimes(now_ + time + kSeenUntold + kWindow);
    case Act::kWatchOverflow:
      return pod.watch().Overflow();
    default:
      pod.StepClock(StepOf(action));
      return aggregator_.DistrustTimes(now_ + kWindow);
  }
}

void SimWorld::StrikeAggregator(const Action& action) {
  switch (action.act) {
    case Act::kRebalance:
      return aggregator_.Rebalance(action.amount);
    case Act::kReplicaCrash:
      return aggregator_.Crash(action.target, Millis{action.amount});
    case Act::kAggregatorClock:
      return aggregator_.StepClock(StepOf(action));
    default:
      return Pass(Millis{action.amount});
  }
}

// Everything comes out; nothing comes twice when rotated files are closed, nor after one more kill.
// Then the agents go, so that the aggregator can be asked for the end.
void SimWorld::Settle() {
  constexpr int kMostSeconds = 60;
  constexpr Millis kSecond{1000};
  weather_ = {};
  spdlog::debug("{} ms: settle", now_.count());
  for (const auto& pod : pods_) pod->Heal();
  for (int i = 0; i < kMostSeconds && (i < 2 || !oracle_.Settled()); ++i) Pass(kSecond);
  Pass(8 * kSecond);
  for (const auto& pod : pods_) pod->Kill(0, Millis{10});
  Pass(3 * kSecond);
  for (const auto& pod : pods_) pod->Kill(SIZE_MAX, Millis::max() / 2);
  Pass(5 * kSecond);
}

std::vector<std::string> SimWorld::Mistakes() const {
  std::vector<std::string> mistakes = oracle_.Mistakes();
  CompareTotals(&mistakes);
  for (std::size_t i = 0; i < pods_.size(); ++i) CheckLedger(i, &mistakes);
  return mistakes;
}

void SimWorld::CompareTotals(std::vector<std::string>* mistakes) const {
  if (!aggregator_.Settled()) return mistakes->push_back("the aggregator has not read everything");
  for (std::size_t log = 0; log < logs_.size(); ++log) {
    const SimOracle::Totals is = aggregator_.TotalsOf(log);
    const SimOracle::Totals ought = oracle_.CountedOf(log);
    if (is == ought) continue;
    mistakes->push_back(
        fmt::format("the aggregator counted {} lines of log {} with {} bytes, not {} with {}",
                    is.requests, log, is.bytes, ought.requests, ought.bytes));
  }
}

bool SimWorld::Did(std::initializer_list<Act> acts) const {
  return std::ranges::any_of(
      acts, [this](Act act) { return tally_.acts[static_cast<std::size_t>(act)] > 0; });
}

// What was lost is in the ledger, and what cannot have been is not. A hole stands for what was
// there before it, too.
void SimWorld::CheckLedger(std::size_t pod, std::vector<std::string>* mistakes) const {
  const SimEvents& events = pods_[pod]->events();
  const std::uint64_t lost = events.lost(LossReason::kTruncated) +
                             events.lost(LossReason::kReadError) +
                             events.lost(LossReason::kNoNewline) + events.lost(LossReason::kGone) +
                             events.lost(LossReason::kNulBytes);
  const std::uint64_t due = oracle_.DueBytes(pod);
  if (lost < due) {
    mistakes->push_back(fmt::format("{} bytes were lost, {} are in the ledger", due, lost));
  }
  const std::uint64_t long_lines = oracle_.LongBytes(pod);
  if (events.lost(LossReason::kLongLine) < long_lines) {
    mistakes->push_back(fmt::format("{} bytes of long lines, {} are in the ledger", long_lines,
                                    events.lost(LossReason::kLongLine)));
  }
  const bool cut =
      Did({Act::kTruncate, Act::kTruncateRegrow, Act::kCopyTruncate, Act::kReplaceSame});
  if (!cut && events.lost(LossReason::kNulBytes) > 0) {
    mistakes->push_back("the ledger tells of NUL bytes that never were");
  }
  // An inode that is used again looks like a file that was cut.
  const bool gone =
      Did({Act::kRename, Act::kRenameGap, Act::kRotateTwice, Act::kDelete, Act::kDeleteRecreate,
           Act::kMoveOut, Act::kSymlinkSwitch, Act::kReplaceOther, Act::kCompress});
  if (!cut && !gone && events.lost(LossReason::kTruncated) + events.lost(LossReason::kGone) > 0) {
    mistakes->push_back("the ledger tells of a loss, but nothing ever went");
  }
  if (!Did({Act::kIoErrors}) && events.lost(LossReason::kReadError) > 0) {
    mistakes->push_back("the ledger tells of a read error that never was");
  }
}

void SimWorld::AddTo(SimTally* tally) const {
  ++tally->worlds;
  for (const auto& pod : pods_) {
    tally->steps += pod->steps();
    tally->reclaimed_bytes += pod->events().bytes_reclaimed();
  }
  tally->simulated_ms += static_cast<std::uint64_t>(now_.count());
  tally->lines += oracle_.lines().size();
  tally->excused += oracle_.excused();
  tally->duplicates += oracle_.duplicates();
  for (const auto& partition : topic_.partitions()) tally->records += partition.size();
  for (std::size_t i = 0; i < kActCount; ++i) tally->acts[i] += tally_.acts[i];
  tally->inside += tally_.inside;
}

}  // namespace routerate
