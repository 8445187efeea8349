// Where finished records go. Kafka behind it in the program (kafka_producer), values in tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/event_record.h"

namespace routerate {

// Names a sent record in its delivery; 0 is a record whose delivery nobody waits for.
using Ticket = std::uint64_t;

class DeliveryListener {
 public:
  virtual ~DeliveryListener() = default;
  // Every replica that must have the record has it.
  virtual void OnDelivered(Ticket ticket) = 0;
  // Records are lost on the way, `why` for people. All tickets not delivered by now never will be:
  // send their content again.
  virtual void OnLost(std::string_view why) = 0;
};

// One topic. Records with one key are delivered in the order sent, without a gap. One thread.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  // Copies the record. False: the queue is full, try again after Poll.
  [[nodiscard]] virtual bool TrySend(const std::string& key, const HeaderPairs& headers,
                                     std::string_view value, Ticket ticket) = 0;
  // Tells the listener what happened since.
  virtual void Poll(DeliveryListener& listener) = 0;
};

// Where an agent's records go; borrowed.
struct Sinks {
  RecordSink& events;
  RecordSink* rejects = nullptr;  // the dead-letter topic; nullptr without one
};

}  // namespace routerate
