// A record a line: its bytes as they are in the file, its place in the headers.
#include "agent/dead_letters.h"

#include "base/check.h"

namespace routerate {

bool DeadLetters::SendAll(TailedFile& file, const std::string& key, const std::string& source,
                          Ticket* next_ticket) {
  while (!file.rejects().Empty()) {
    switch (SendFirst(file, key, source, *next_ticket)) {
      case Outcome::kSent:
        ++*next_ticket;
        break;
      case Outcome::kGivenUp:
        file.RejectGivenUp();
        events_.DeadLettersLost(1, refusal_);
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
  const bool refused = !refusal_.empty();
  if (refused && !sent_.empty()) return Outcome::kGivenUp;
  const RejectedLine line = file.rejects().Front();
  if (!sink_->TrySend(key, EncodeHeaders(line, source, file.id()), line.bytes, ticket)) {
    return refused ? Outcome::kGivenUp : Outcome::kFull;
  }
  const std::uint64_t bytes = line.bytes.size() + RejectQueue::kRecordBytes;
  sent_.emplace(ticket, Sent{&file, bytes});
  bytes_in_flight_ += bytes;
  events_.DeadLetterSent(line.bytes.size());
  file.RejectSent(ticket);
  return Outcome::kSent;
}

void DeadLetters::Poll() {
  if (sink_ != nullptr) sink_->Poll(*this);
}

void DeadLetters::Disown() {
  for (auto& [ticket, sent] : sent_) sent.file = nullptr;
}

void DeadLetters::OnDelivered(Ticket ticket) {
  const auto found = sent_.find(ticket);
  if (found == sent_.end()) return;  // given up
  if (found->second.file != nullptr) found->second.file->Acknowledge(ticket);
  bytes_in_flight_ -= found->second.bytes;
  sent_.erase(found);
  refusal_.clear();
  events_.DeadLetterDelivered();
}

void DeadLetters::OnLost(std::string_view why) {
  refusal_ = why.empty() ? "refused" : why;
  for (const auto& [ticket, sent] : sent_) {
    if (sent.file != nullptr) sent.file->Acknowledge(ticket);
  }
  if (!sent_.empty()) events_.DeadLettersLost(sent_.size(), refusal_);
  sent_.clear();
  bytes_in_flight_ = 0;
}

}  // namespace routerate
