// What is sent is kept here as a ticket only: the log file is the buffer.
#include "agent/outbox.h"

#include <fmt/format.h>

#include <algorithm>

namespace routerate {

Outbox::Outbox(const AgentOptions& options, Sinks sinks, AgentEvents& events)
    : options_(options),
      sink_(sinks.events),
      events_(events),
      dead_letters_(sinks.rejects, events),
      key_(fmt::format("{}/{}", options.source.name_space, options.source.pod)) {
  for (std::size_t input = 0; input < options.inputs.size(); ++input) {
    const std::string source = options.Source(input);
    const auto found = std::ranges::find(sources_, source);
    source_of_input_.push_back(static_cast<std::size_t>(found - sources_.begin()));
    if (found == sources_.end()) sources_.push_back(source);
  }
  heartbeat_sent_.resize(sources_.size());
  goodbye_sent_.resize(sources_.size());
}

bool Outbox::SendBatch(TailedFile& file, WallMs watermark, Millis now) {
  if (!SendEvents(file, watermark, now) || !SendSummary(file, watermark, now)) return false;
  const std::string& source = sources_[source_of_input_[file.input()]];
  if (!dead_letters_.SendAll(file, key_, source, &next_ticket_)) return false;
  file.Flushed();
  return true;
}

bool Outbox::SendEvents(TailedFile& file, WallMs watermark, Millis now) {
  while (!file.batch().empty()) {
    const std::string_view record = sizes_.FirstRecord(file.batch(), now);
    const bool oversize = LinesIn(record) == Lines::kOne && sizes_.IsOversize(record.size(), now);
    if (oversize && !GiveUpLine(file, record)) return false;
    if (!oversize && SendEventRecord(file, record, watermark, now) == SendResult::kFull) {
      return false;
    }
  }
  return true;
}

SendResult Outbox::SendEventRecord(TailedFile& file, std::string_view record, WallMs watermark,
                                   Millis now) {
  const std::uint64_t bytes = record.size();
  const SendResult result = SendRecord(
      file, {.kind = RecordKind::kEvents, .watermark_ms = watermark}, record, LinesIn(record), now);
  if (result != SendResult::kSent) return result;
  if (bytes < file.batch().size()) events_.RecordSplit();
  file.EventsSent(next_ticket_++, bytes);
  return result;
}

bool Outbox::SendSummary(TailedFile& file, WallMs watermark, Millis now) {
  if (file.summary().Empty()) return true;
  const RecordHeaders headers{
      .kind = RecordKind::kSummary, .watermark_ms = watermark, .lines = file.summary().lines()};
  const std::string value = file.summary().Encode();
  SendResult result = SendResult::kTooLarge;
  if (sizes_.Fits(value.size(), now)) {
    result = SendRecord(file, headers, value, Lines::kSeveral, now);
  }
  if (result == SendResult::kSent) file.SummarySent(next_ticket_++);
  if (result == SendResult::kTooLarge) {
    events_.RecordSplit();
    file.ReadAgainAsEvents();
  }
  return result != SendResult::kFull;
}

SendResult Outbox::SendRecord(TailedFile& file, RecordHeaders headers, std::string_view record,
                              Lines lines, Millis now) {
  const std::size_t source = source_of_input_[file.input()];
  headers.source = sources_[source];
  headers.file = file.id();
  const SendResult result = sink_.TrySend(key_, EncodeHeaders(headers), record, next_ticket_);
  if (result == SendResult::kTooLarge) sizes_.Refused(record.size(), lines, now);
  if (result != SendResult::kSent) return result;
  sent_.emplace(next_ticket_, Sent{&file, source, record.size(), lines, headers.watermark_ms, now});
  bytes_in_flight_ += record.size();
  events_.RecordSent(record.size());
  return result;
}

// False: it stays where it is, for the dead letters' queue is full.
bool Outbox::GiveUpLine(TailedFile& file, std::string_view record) {
  const std::uint64_t bytes = record.size();
  std::uint64_t offset = 0;
  EventReader().Read(record, [&](const RecordedEvent& event) { offset = event.offset; });
  const std::string& source = sources_[source_of_input_[file.input()]];
  switch (dead_letters_.SendOversize(file, key_, source, {offset, record}, &next_ticket_)) {
    case DeadLetters::Outcome::kFull:
      return false;
    case DeadLetters::Outcome::kGivenUp:
      file.EventsGivenUp(bytes);
      events_.BytesLost(file.path(), LossReason::kTooLarge, bytes);
      break;
    case DeadLetters::Outcome::kSent:
      break;
  }
  events_.LineTooLarge(file.path(), offset, bytes);
  return true;
}

bool Outbox::SendControl(RecordHeaders headers, std::size_t source, Millis now) {
  headers.source = sources_[source];
  if (sink_.TrySend(key_, EncodeHeaders(headers), "", next_ticket_) != SendResult::kSent) {
    return false;
  }
  sent_.emplace(next_ticket_++, Sent{nullptr, source, 0, Lines::kOne, headers.watermark_ms, now});
  return true;
}

bool Outbox::SendHeartbeats(const PodDescription& pod, WallMs watermark, Millis now) {
  const RecordHeaders headers{
      .kind = RecordKind::kHeartbeat, .watermark_ms = watermark, .pod = pod};
  for (std::size_t source = 0; source < sources_.size(); ++source) {
    if (heartbeat_sent_[source]) continue;
    heartbeat_sent_[source] = SendControl(headers, source, now);
  }
  return std::ranges::all_of(heartbeat_sent_, [](bool sent) { return sent; });
}

bool Outbox::SendGoodbyes(WallMs watermark, Millis now) {
  const RecordHeaders headers{.kind = RecordKind::kGoodbye, .watermark_ms = watermark};
  for (std::size_t source = 0; source < sources_.size(); ++source) {
    if (goodbye_sent_[source]) continue;
    goodbye_sent_[source] = SendControl(headers, source, now);
  }
  return std::ranges::all_of(goodbye_sent_, [](bool sent) { return sent; });
}

bool Outbox::Poll(Millis now) {
  now_ = now;
  lost_ = false;
  sink_.Poll(*this);
  if (dead_letters_.Poll(now) && !lost_) ForgetSent();
  return lost_;
}

void Outbox::OnDelivered(Ticket ticket) {
  const auto found = sent_.find(ticket);
  if (found == sent_.end()) return;  // sent before a loss, and sent again since
  const Sent sent = found->second;
  sent_.erase(found);
  bytes_in_flight_ -= sent.bytes;
  delivered_watermark_ = std::max(delivered_watermark_, sent.watermark);
  if (sent.file == nullptr) {
    heartbeat_sent_[sent.source] = false;
  } else {
    sent.file->Acknowledge(ticket);
    events_.RecordDelivered(now_ - sent.at);
  }
}

// What it holds is read again, and sent as smaller records.
void Outbox::OnTooLarge(Ticket ticket) {
  const auto found = sent_.find(ticket);
  if (found == sent_.end() || found->second.file == nullptr) return;
  sizes_.Refused(found->second.bytes, found->second.lines, now_);
}

void Outbox::OnLost(Loss, std::string_view why) {
  ForgetSent();
  events_.RecordsLost(why);
}

// Deliveries of what is sent are nobody's from now on: every file is read again from where it was
// committed.
void Outbox::ForgetSent() {
  lost_ = true;
  sent_.clear();
  dead_letters_.Disown();
  bytes_in_flight_ = 0;
  heartbeat_sent_.assign(sources_.size(), false);
  goodbye_sent_.assign(sources_.size(), false);
}

}  // namespace routerate
