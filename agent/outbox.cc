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
  if (!SendEvents(file, watermark, now)) return false;
  const std::string& source = sources_[source_of_input_[file.input()]];
  if (!dead_letters_.SendAll(file, key_, source, &next_ticket_)) return false;
  file.Flushed();
  return true;
}

bool Outbox::SendEvents(TailedFile& file, WallMs watermark, Millis now) {
  if (file.batch().empty()) return true;
  const std::size_t source = source_of_input_[file.input()];
  const RecordHeaders headers{RecordKind::kEvents, sources_[source], file.id(), watermark};
  const std::uint64_t bytes = file.batch().size();
  if (!sink_.TrySend(key_, EncodeHeaders(headers), file.batch(), next_ticket_)) return false;
  sent_.emplace(next_ticket_, Sent{&file, source, bytes, now});
  bytes_in_flight_ += bytes;
  file.EventsSent(next_ticket_++);
  events_.RecordSent(bytes);
  return true;
}

bool Outbox::SendControl(RecordKind kind, std::size_t source, WallMs watermark, Millis now) {
  const RecordHeaders headers{kind, sources_[source], "", watermark};
  if (!sink_.TrySend(key_, EncodeHeaders(headers), "", next_ticket_)) return false;
  sent_.emplace(next_ticket_++, Sent{nullptr, source, 0, now});
  return true;
}

void Outbox::SendHeartbeats(WallMs watermark, Millis now) {
  for (std::size_t source = 0; source < sources_.size(); ++source) {
    if (heartbeat_sent_[source]) continue;
    heartbeat_sent_[source] = SendControl(RecordKind::kHeartbeat, source, watermark, now);
  }
}

bool Outbox::SendGoodbyes(WallMs watermark, Millis now) {
  for (std::size_t source = 0; source < sources_.size(); ++source) {
    if (goodbye_sent_[source]) continue;
    goodbye_sent_[source] = SendControl(RecordKind::kGoodbye, source, watermark, now);
  }
  return std::ranges::all_of(goodbye_sent_, [](bool sent) { return sent; });
}

bool Outbox::Poll(Millis now) {
  now_ = now;
  lost_ = false;
  sink_.Poll(*this);
  dead_letters_.Poll();
  return lost_;
}

void Outbox::OnDelivered(Ticket ticket) {
  const auto found = sent_.find(ticket);
  if (found == sent_.end()) return;  // sent before a loss, and sent again since
  const Sent sent = found->second;
  sent_.erase(found);
  bytes_in_flight_ -= sent.bytes;
  if (sent.file == nullptr) {
    heartbeat_sent_[sent.source] = false;
  } else {
    sent.file->Acknowledge(ticket);
    events_.RecordDelivered(now_ - sent.at);
  }
}

void Outbox::OnLost(std::string_view why) {
  lost_ = true;
  sent_.clear();
  dead_letters_.Disown();
  bytes_in_flight_ = 0;
  heartbeat_sent_.assign(sources_.size(), false);
  goodbye_sent_.assign(sources_.size(), false);
  events_.RecordsLost(why);
}

}  // namespace routerate
