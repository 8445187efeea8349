// The process is what a kill takes: agent, producers, open files, watches. The node stays.
#include "tests/sim/sim_pod.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>

#include "agent/reject_queue.h"

namespace routerate {
namespace {

constexpr std::uint64_t kMaxInFlight = 10 << 10;

std::string PatternOf(const SimSettings& settings) {
  return settings.pattern == SimSettings::Pattern::kLogsOnly ? "/logs/*.log" : "/logs/*.log*";
}

AgentOptions OptionsOf(const SimSurroundings& around, std::size_t index) {
  const SimSettings& settings = around.settings;
  AgentOptions options;
  options.source.service = fmt::format("shop{}", index);
  options.source.pod = fmt::format("pod{}", index);
  options.inputs = {{.path = PatternOf(settings), .format = LogFormat::kNginx}};
  options.checkpoint = SimPod::kCheckpoint;
  options.batch_bytes = 4096;
  options.max_in_flight = kMaxInFlight;
  options.max_line = kSimMaxLine;
  options.rotated_wait = around.profile.rotated_wait;
  options.reclaim_step = 4096;
  if (settings.reclaim == SimSettings::Reclaim::kPunch) options.reclaim = ReclaimMode::kPunch;
  if (settings.rejects == SimSettings::Rejects::kKept) options.dead_letter.topic = "rejects";
  return options;
}

RejectTopic RejectsOf(const SimSettings& settings) {
  return settings.rejects == SimSettings::Rejects::kKept ? RejectTopic::kKept : RejectTopic::kNone;
}

}  // namespace

SimPod::SimPod(const SimSurroundings& around, std::size_t index, Breakage breakage)
    : around_(around),
      index_(index),
      breakage_(breakage),
      clock_(around.now),
      disk_(files_, watch_, around.oracle, clock_, PatternOf(around.settings)),
      events_(around.oracle, RejectsOf(around.settings)),
      options_(OptionsOf(around, index)) {
  files_.births = around.settings.births == SimSettings::Births::kTold
                      ? MemoryFileSystem::Births::kTold
                      : MemoryFileSystem::Births::kUnknown;
  files_.inodes = around.settings.inodes == SimSettings::Inodes::kUsedAgain
                      ? MemoryFileSystem::Inodes::kUsedAgain
                      : MemoryFileSystem::Inodes::kAlwaysNew;
  files_.fails = [this](std::string_view call) { return OnCall(call); };
}

void SimPod::WireBreakage() {
  broken_sink_.reset();
  broken_files_.reset();
  if (breakage_ == Breakage::kCommitOnSend) {
    broken_sink_ = std::make_unique<CommitOnSend>(*producer_);
  } else if (breakage_ == Breakage::kFreshIds) {
    broken_sink_ = std::make_unique<FreshIds>(*producer_, fresh_id_);
  } else if (breakage_ == Breakage::kSummariesOnly) {
    broken_sink_ = std::make_unique<SummariesOnly>(*producer_);
  } else if (breakage_ == Breakage::kIdentityByHead) {
    broken_files_ = std::make_unique<IdentityByHead>(files_);
  }
}

void SimPod::Connect() {
  producer_ = std::make_unique<SimProducer>(around_.topic, around_.weather, clock_, around_.random);
  rejects_ =
      std::make_unique<SimProducer>(around_.rejects, around_.weather, clock_, around_.random);
  WireBreakage();
}

void SimPod::Start() {
  spdlog::debug("{} ms: the agent of pod {} starts", around_.now.count(), index_);
  Connect();
  // A new configuration may come with a new process.
  const bool summaries =
      around_.settings.ship == SimSettings::Ship::kSummaries && around_.random() % 4 != 0;
  options_.ship = summaries ? ShipMode::kSummaries : ShipMode::kEvents;
  RecordSink& sink = broken_sink_ != nullptr ? *broken_sink_ : *producer_;
  FileSystem& files = broken_files_ != nullptr ? *broken_files_ : files_;
  RecordSink* rejects = options_.dead_letter.topic.empty() ? nullptr : rejects_.get();
  running_ = true;
  try {
    agent_ = std::make_unique<SimAgent>(
        AgentWiring{options_, files, watch_, clock_, {sink, rejects}, events_});
  } catch (const Killed& killed) {
    running_ = false;
    return Die(killed.survivors, killed.down);
  }
  running_ = false;
  step_at_ = around_.now;
  drain_until_ = Millis::max();
}

Millis SimPod::NextEvent() const {
  if (agent_ == nullptr) return start_at_;
  Millis next = std::min(step_at_, drain_until_);
  if (watch_.HasNews() && plan_.heeds_files) next = around_.now;
  if (producer_->HasNews() || rejects_->HasNews()) next = around_.now;
  next = std::max({next, paused_until_, around_.now});
  return std::min({next, producer_->NextEvent(), rejects_->NextEvent()});
}

void SimPod::Run() {
  watch_.deaf = around_.now < deaf_until_;
  if (agent_ == nullptr) {
    if (around_.now >= start_at_) Start();
    return;
  }
  if (producer_->FailureDue()) ProducerFails(around_.random() % 4);
  producer_->Run();
  rejects_->Run();
  if (around_.now < paused_until_) return;
  const bool woken =
      (watch_.HasNews() && plan_.heeds_files) || producer_->HasNews() || rejects_->HasNews();
  if (woken || around_.now >= step_at_) Step();
  if (agent_ != nullptr && around_.now >= drain_until_) {
    agent_->SaveCheckpoint();
    Die(around_.random() % 4, down_after_drain_);
  }
}

void SimPod::Step() {
  constexpr unsigned kMostAtOnce = 2000;
  faulted_ = disturbed_ = false;
  steps_at_once_ = around_.now == step_at_ && plan_.wait == Millis{0} ? steps_at_once_ + 1 : 0;
  if (steps_at_once_ == kMostAtOnce) around_.oracle.Blame("the agent goes round and round");
  running_ = true;
  ++steps_;
  try {
    plan_ = agent_->Step(watch_.Take());
  } catch (const Killed& killed) {
    running_ = false;
    return Die(killed.survivors, killed.down);
  }
  running_ = false;
  if (events_.checkpoint_unsaved()) checkpoint_failed_at_ = around_.now;
  step_at_ = around_.now + (steps_at_once_ < kMostAtOnce ? plan_.wait : Millis{1000});
  disk_.AgentStepped(disturbed_ ? SimDisk::Cause::kWorld : SimDisk::Cause::kAgentClosed);
  EndOfStep();
  if (agent_->Drained()) Die(0, down_after_drain_);
}

void SimPod::EndOfStep() {
  if (faulted_) faulted_at_ = around_.now;
  const bool held_back = HeldBack();
  if (plan_.wait == Millis{0}) return;  // there is more to this step
  if (faulted_ || disturbed_ || held_back) {
    at_leisure_since_ = Millis::max();
    return;
  }
  at_leisure_since_ = std::min(at_leisure_since_, around_.now);
  const Millis period = LookPeriod();
  if (around_.now - at_leisure_since_ < period) return;
  disk_.Look(period);
  around_.oracle.OnLook(index_);
  seen_until_ = around_.now - period;
}

// How long it may take an agent that nothing keeps from it to see whatever there is: one that is
// told of all changes; one that looks at what is behind a symbolic link; one that must see whether
// a file becomes a copy of another that begins alike; one that was not told, and finds out by
// looking at everything now and then; one that could not look, and tries again after a pause.
Millis SimPod::LookPeriod() const {
  constexpr Millis kTold{300};
  constexpr Millis kPolled{2'500};
  constexpr Millis kMayBecomeACopy{6'500};
  constexpr Millis kUntold{12'000};
  if (around_.now - deaf_until_ < kUntold && deaf_until_ > Millis{0}) return kUntold;
  if (around_.settings.first_line == SimSettings::FirstLine::kAlike) return kMayBecomeACopy;
  const bool pauses = around_.now - faulted_at_ < kPolled;
  return disk_.HasSymlink() || pauses ? kPolled : kTold;
}

// By max_in_flight, or a queue that took nothing.
bool SimPod::HeldBack() {
  const bool refused = producer_->TakeRefused() | rejects_->TakeRefused();
  const std::uint64_t bytes = producer_->unacknowledged_bytes() + rejects_->unacknowledged_bytes() +
                              rejects_->unacknowledged() * RejectQueue::kRecordBytes;
  return refused || bytes >= options_.max_in_flight;
}

int SimPod::OnCall(std::string_view call) {
  if (!running_) return 0;
  ++calls_;
  if (interruption_ && --interruption_->calls_left == 0) HappenNow();
  const int code = FaultNow(call);
  faulted_ = faulted_ || code != 0;
  return code;
}

int SimPod::FaultNow(std::string_view call) {
  if (calls_ >= failing_.first && calls_ < failing_.first + failing_.count) return failing_.code;
  if (call == "write" && around_.now < disk_full_until_) return ENOSPC;
  const bool starting = agent_ == nullptr;
  if (starting || around_.now >= io_errors_until_ || ++io_calls_ % io_errors_every_ != 0) return 0;
  constexpr std::array<int, 3> kErrors = {EIO, EMFILE, EACCES};
  return kErrors[io_calls_ / io_errors_every_ % kErrors.size()];
}

void SimPod::HappenInside(unsigned calls, std::function<void()> what) {
  HappenNow();
  interruption_ = {std::max(calls, 1U), std::move(what), std::nullopt};
}

void SimPod::KillInside(unsigned calls, std::size_t survivors, Millis down) {
  HappenNow();
  interruption_ = {std::max(calls, 1U), nullptr, Killed{survivors, down}};
}

void SimPod::HappenNow() {
  if (!interruption_) return;
  const Interruption now = *std::exchange(interruption_, std::nullopt);
  const bool inside = std::exchange(running_, false);
  if (now.killed && inside) throw Killed{now.killed->survivors, now.killed->down};
  if (now.killed) return Kill(now.killed->survivors, now.killed->down);
  disturbed_ = disturbed_ || inside;
  now.what();
  running_ = inside;
}

void SimPod::Kill(std::size_t survivors, Millis down) {
  if (agent_ != nullptr) Die(survivors, down);
}

void SimPod::Die(std::size_t survivors, Millis down) {
  spdlog::debug("{} ms: the agent of pod {} dies", around_.now.count(), index_);
  producer_->Die(survivors);
  rejects_->Die(survivors);
  agent_.reset();
  watch_.Reset();
  disk_.AgentDied();
  around_.oracle.OnDeath(index_, SimOracle::Death::kProcess);
  seen_until_ = Millis{-1};
  at_leisure_since_ = Millis::max();
  start_at_ = around_.now + down;
  drain_until_ = Millis::max();
}

void SimPod::Drain(Millis down) {
  if (agent_ == nullptr || drain_until_ != Millis::max()) return;
  agent_->BeginDrain();
  drain_until_ = around_.now + kSimDrainTimeout;
  down_after_drain_ = down;
  step_at_ = around_.now;
}

void SimPod::Pause(Millis time) {
  paused_until_ = around_.now + time;
  at_leisure_since_ = Millis::max();
}

void SimPod::ProducerFails(std::size_t survivors) {
  if (agent_ == nullptr) return;
  producer_->Fail(survivors);
  disk_.AgentWentBack();
  at_leisure_since_ = Millis::max();
  around_.oracle.OnDeath(index_, SimOracle::Death::kProducer);
}

void SimPod::LoseAcks(unsigned records, Millis until_failure) {
  if (agent_ == nullptr) return;
  producer_->LoseAcks(records);
  producer_->FailAt(around_.now + until_failure);
}

void SimPod::RefuseRejects() {
  if (agent_ != nullptr && !options_.dead_letter.topic.empty()) rejects_->Fail(0);
}

void SimPod::StepClock(Millis by) {
  constexpr Millis kLookedSince{2000};
  if (around_.now - std::exchange(clock_stepped_at_, around_.now) < kLookedSince) return;
  clock_.Step(by);
}

void SimPod::IoErrors(Millis time, unsigned every) {
  io_errors_until_ = around_.now + time;
  io_errors_every_ = std::max(every, 1U);
}

void SimPod::Heal() {
  HappenNow();
  failing_ = {};
  io_errors_until_ = disk_full_until_ = paused_until_ = Millis{0};
  deaf_until_ = std::min(deaf_until_, around_.now);
  if (agent_ == nullptr) {
    start_at_ = std::min(start_at_, around_.now);
  } else if (producer_->AcksLost()) {
    ProducerFails(0);
  }
}

}  // namespace routerate
