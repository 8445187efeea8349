// Batches, heartbeats and goodbyes on their way to the sinks: tickets, the bound on bytes in
// flight, and what each acknowledgement is for.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "agent/agent_events.h"
#include "agent/agent_options.h"
#include "agent/dead_letters.h"
#include "agent/record_sink.h"
#include "agent/record_sizes.h"
#include "agent/tailed_file.h"
#include "base/clock.h"

namespace routerate {

class Outbox final : public DeliveryListener {
 public:
  // Borrows all.
  Outbox(const AgentOptions& options, Sinks sinks, AgentEvents& events);

  // Sends the file's batch with its watermark, events before the summary before rejected lines; in
  // several records where Kafka takes none as large. A line whose event alone is too large becomes
  // a dead letter, or is lost and told so; a summary that is too large is read again as events.
  // False: a queue is full; what did not fit stays in the batch.
  [[nodiscard]] bool SendBatch(TailedFile& file, WallMs watermark, Millis now);
  // A heartbeat a source, which tells of the pod; one that is still on its way is not sent again,
  // so an outage piles up none. False: some did not fit.
  [[nodiscard]] bool SendHeartbeats(const PodDescription& pod, WallMs watermark, Millis now);
  // False while some did not fit.
  [[nodiscard]] bool SendGoodbyes(WallMs watermark, Millis now);

  // Takes acknowledgements. Returns true if events were lost: every file must Rewind.
  [[nodiscard]] bool Poll(Millis now);

  std::uint64_t bytes_in_flight() const {
    return bytes_in_flight_ + dead_letters_.bytes_in_flight();
  }
  std::uint64_t records_in_flight() const {
    return sent_.size() + dead_letters_.records_in_flight();
  }
  // Every line written up to then has been delivered.
  WallMs delivered_watermark() const { return delivered_watermark_; }
  bool Empty() const { return sent_.empty() && dead_letters_.Empty(); }

 private:
  struct Sent {
    TailedFile* file;    // nullptr: a heartbeat or a goodbye
    std::size_t source;  // index into sources_
    std::uint64_t bytes;
    Lines lines;
    WallMs watermark;
    Millis at;
  };
  void OnDelivered(Ticket ticket) override;
  void OnTooLarge(Ticket ticket) override;
  void OnLost(Loss loss, std::string_view why) override;
  void ForgetSent();
  bool SendEvents(TailedFile& file, WallMs watermark, Millis now);
  bool SendSummary(TailedFile& file, WallMs watermark, Millis now);
  SendResult SendEventRecord(TailedFile& file, std::string_view record, WallMs watermark,
                             Millis now);
  // Under next_ticket_, which is the caller's to use up.
  SendResult SendRecord(TailedFile& file, RecordHeaders headers, std::string_view record,
                        Lines lines, Millis now);
  bool GiveUpLine(TailedFile& file, std::string_view record);
  bool SendControl(RecordHeaders headers, std::size_t source, Millis now);

  const AgentOptions& options_;
  RecordSink& sink_;
  AgentEvents& events_;
  DeadLetters dead_letters_;
  RecordSizes sizes_;
  std::string key_;                   // namespace/pod
  std::vector<std::string> sources_;  // without repetition
  std::vector<std::size_t> source_of_input_;
  std::vector<bool> heartbeat_sent_;  // and not delivered, by source
  std::vector<bool> goodbye_sent_;
  std::unordered_map<Ticket, Sent> sent_;
  Ticket next_ticket_ = 1;
  std::uint64_t bytes_in_flight_ = 0;  // of sink_
  WallMs delivered_watermark_ = 0;
  Millis now_{0};  // of the Poll under way
  bool lost_ = false;
};

}  // namespace routerate
