// Where finished records go. Kafka behind it in the program (kafka_producer), values in tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/event_record.h"

namespace routerate {

// Names a sent record in its delivery; 0 is a record whose delivery nobody waits for.
using Ticket = std::uint64_t;

// Why records are lost.
enum class Loss {
  kOnTheWay,  // sent again they may well be taken
  kRefused,   // Kafka takes none of this topic's until somebody changes something
};

class DeliveryListener {
 public:
  virtual ~DeliveryListener() = default;
  // Every replica that must have the record has it.
  virtual void OnDelivered(Ticket ticket) = 0;
  // Kafka takes no record of this one's size. OnLost follows.
  virtual void OnTooLarge(Ticket ticket) = 0;
  // Records are lost, `why` for people. All tickets not delivered by now never will be: send their
  // content again.
  virtual void OnLost(Loss loss, std::string_view why) = 0;
};

enum class [[nodiscard]] SendResult{
    kSent,
    kFull,      // the queue is full, or Kafka is not ready for more: try again after Poll
    kTooLarge,  // no record of this size is taken; nothing was sent, and nothing is lost
};

// One topic. Records with one key are delivered in the order sent, without a gap. One thread.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  // Copies the record.
  virtual SendResult TrySend(const std::string& key, const HeaderPairs& headers,
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
