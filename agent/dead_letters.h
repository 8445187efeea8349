// Rejected lines, and events too large for their topic, on their way to the dead-letter topic: part
// of what must be acknowledged before a file's offset is committed, as events are.
//
// While Kafka is away they wait, as events do. When Kafka refuses the topic itself (it is not
// there, or may not be written) waiting would stop the events too, and the rates are what the
// program is for: then those in flight are given up and counted, and one line at a time is tried
// until one is taken. A line that is too large for this topic too is given up alone.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "agent/agent_events.h"
#include "agent/record_sink.h"
#include "agent/record_sizes.h"
#include "agent/tailed_file.h"

namespace routerate {

class DeadLetters final : public DeliveryListener {
 public:
  // Borrows both; without a sink no file may hold rejected lines.
  DeadLetters(RecordSink* sink, AgentEvents& events) : sink_(sink), events_(events) {}

  // Sends all rejected lines that the file holds, under tickets from *next_ticket on. False: the
  // queue is full; the rest stays in the file.
  [[nodiscard]] bool SendAll(TailedFile& file, const std::string& key, const std::string& source,
                             Ticket* next_ticket);

  enum class Outcome { kSent, kGivenUp, kFull };
  // Takes an event from the beginning of the file's batch. kGivenUp: it is still there.
  Outcome SendOversize(TailedFile& file, const std::string& key, const std::string& source,
                       const OversizeLine& line, Ticket* next_ticket);

  // Returns true if lines were lost that would be taken if sent again: every file must Rewind.
  [[nodiscard]] bool Poll(Millis now);

  // Files read again what is in flight: its deliveries are nobody's any more.
  void Disown();

  std::uint64_t bytes_in_flight() const { return bytes_in_flight_; }
  std::uint64_t records_in_flight() const { return sent_.size(); }
  bool Empty() const { return sent_.empty(); }

 private:
  struct Sent {
    TailedFile* file;  // nullptr: disowned
    std::uint64_t value_bytes;
    std::uint64_t event_bytes;  // 0: a rejected line
  };
  Outcome SendFirst(TailedFile& file, const std::string& key, const std::string& source,
                    Ticket ticket);
  Outcome TrySend(const std::string& key, const HeaderPairs& headers, std::string_view value,
                  Ticket ticket);
  void Hold(Ticket ticket, const Sent& sent);
  void TellGivenUp();
  void GiveUp(const std::string& why);
  void OnDelivered(Ticket ticket) override;
  void OnTooLarge(Ticket ticket) override;
  void OnLost(Loss loss, std::string_view why) override;

  RecordSink* sink_;
  AgentEvents& events_;
  std::unordered_map<Ticket, Sent> sent_;
  std::uint64_t bytes_in_flight_ = 0;
  RecordSizes sizes_;
  Millis now_{0};  // of the last Poll
  bool rewind_ = false;
  std::string refusal_;  // why Kafka did not take the last ones; empty: it did
};

}  // namespace routerate
