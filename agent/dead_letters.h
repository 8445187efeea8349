// Rejected lines on their way to the dead-letter topic: part of what must be acknowledged before a
// file's offset is committed, as events are.
//
// While Kafka is away they wait, as events do. When Kafka refuses the topic itself (it is not
// there, or may not be written) waiting would stop the events too, and the rates are what the
// program is for: then those in flight are given up and counted, and one line at a time is tried
// until one is taken.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "agent/agent_events.h"
#include "agent/record_sink.h"
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

  void Poll();

  // Files read again what is in flight: its deliveries are nobody's any more.
  void Disown();

  std::uint64_t bytes_in_flight() const { return bytes_in_flight_; }
  bool Empty() const { return sent_.empty(); }

 private:
  struct Sent {
    TailedFile* file;  // nullptr: disowned
    std::uint64_t bytes;
  };
  enum class Outcome { kSent, kGivenUp, kFull };
  Outcome SendFirst(TailedFile& file, const std::string& key, const std::string& source,
                    Ticket ticket);
  void OnDelivered(Ticket ticket) override;
  void OnLost(std::string_view why) override;

  RecordSink* sink_;
  AgentEvents& events_;
  std::unordered_map<Ticket, Sent> sent_;
  std::uint64_t bytes_in_flight_ = 0;
  std::string refusal_;  // why Kafka did not take the last ones; empty: it did
};

}  // namespace routerate
