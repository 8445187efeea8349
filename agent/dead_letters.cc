// A record a line: its bytes as they are in the file, or its event; its place in the headers.
#include "agent/dead_letters.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace routerate {
namespace {

constexpr std::string_view kTooLarge = "too large a line";

}  // namespace

bool DeadLetters::SendAll(TailedFile& file, const std::string& key, const std::string& source,
                          Ticket* next_ticket) {
  while (!file.rejects().Empty()) {
    switch (SendFirst(file, key, source, *next_ticket)) {
      case Outcome::kSent:
        ++*next_ticket;
        break;
      case Outcome::kGivenUp:
        file.RejectGivenUp();
        TellGivenUp();
        break;
      case Outcome::kFull:
        return false;
    }
  }
  return true;
}

DeadLetters::Outcome DeadLetters::SendFirst(TailedFile& file, const std::string& key,
                                            const std::string& source, Ticket ticket) {
  RR_CHECK(sink_ != nullptr);
  const RejectedLine line = file.rejects().Front();
  const Outcome outcome = TrySend(key, EncodeHeaders(line, source, file.id()), line.bytes, ticket);
  if (outcome != Outcome::kSent) return outcome;
  Hold(ticket, {&file, line.bytes.size(), 0});
  file.RejectSent(ticket);
  return outcome;
}

DeadLetters::Outcome DeadLetters::SendOversize(TailedFile& file, const std::string& key,
                                               const std::string& source, const OversizeLine& line,
                                               Ticket* next_ticket) {
  if (sink_ == nullptr) return Outcome::kGivenUp;
  const Outcome outcome =
      TrySend(key, EncodeHeaders(line, source, file.id()), line.event, *next_ticket);
  if (outcome == Outcome::kGivenUp) TellGivenUp();
  if (outcome != Outcome::kSent) return outcome;
  Hold(*next_ticket, {&file, line.event.size(), line.event.size()});
  file.EventsSent((*next_ticket)++, line.event.size());
  return outcome;
}

DeadLetters::Outcome DeadLetters::TrySend(const std::string& key, const HeaderPairs& headers,
                                          std::string_view value, Ticket ticket) {
  const bool refused = !refusal_.empty();
  if (refused && !sent_.empty()) return Outcome::kGivenUp;
  if (sizes_.IsOversize(value.size(), now_)) return Outcome::kGivenUp;
  switch (sink_->TrySend(key, headers, value, ticket)) {
    case SendResult::kSent:
      return Outcome::kSent;
    case SendResult::kFull:
      return refused ? Outcome::kGivenUp : Outcome::kFull;
    case SendResult::kTooLarge:
      sizes_.Refused(value.size(), Lines::kOne, now_);
      return Outcome::kGivenUp;
  }
  return Outcome::kFull;
}

void DeadLetters::TellGivenUp() {
  events_.DeadLettersLost(1, refusal_.empty() ? kTooLarge : refusal_);
}

void DeadLetters::Hold(Ticket ticket, const Sent& sent) {
  sent_.emplace(ticket, sent);
  bytes_in_flight_ += sent.value_bytes + RejectQueue::kRecordBytes;
  events_.DeadLetterSent(sent.value_bytes);
}

bool DeadLetters::Poll(Millis now) {
  now_ = now;
  if (sink_ != nullptr) sink_->Poll(*this);
  return std::exchange(rewind_, false);
}

void DeadLetters::Disown() {
  for (auto& [ticket, sent] : sent_) sent.file = nullptr;
}

void DeadLetters::OnDelivered(Ticket ticket) {
  const auto found = sent_.find(ticket);
  if (found == sent_.end()) return;  // given up
  const Sent& sent = found->second;
  if (sent.file != nullptr) sent.file->Acknowledge(ticket);
  bytes_in_flight_ -= sent.value_bytes + RejectQueue::kRecordBytes;
  sent_.erase(found);
  refusal_.clear();
  events_.DeadLetterDelivered();
}

void DeadLetters::OnTooLarge(Ticket ticket) {
  const auto found = sent_.find(ticket);
  if (found != sent_.end()) sizes_.Refused(found->second.value_bytes, Lines::kOne, now_);
}

void DeadLetters::OnLost(Loss loss, std::string_view why) {
  if (loss == Loss::kRefused) {
    GiveUp(std::string(why));
  } else {
    rewind_ = std::ranges::any_of(sent_, [](const auto& s) { return s.second.file != nullptr; });
  }
  sent_.clear();
  bytes_in_flight_ = 0;
}

void DeadLetters::GiveUp(const std::string& why) {
  refusal_ = why.empty() ? "refused" : why;
  for (const auto& [ticket, sent] : sent_) {
    if (sent.file == nullptr) continue;
    sent.file->Acknowledge(ticket);
    if (sent.event_bytes > 0) {
      events_.BytesLost(sent.file->path(), LossReason::kTooLarge, sent.event_bytes);
    }
  }
  if (!sent_.empty()) events_.DeadLettersLost(sent_.size(), refusal_);
}

}  // namespace routerate
