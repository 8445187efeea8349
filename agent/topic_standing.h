// TopicStanding: whether a topic's records get through, as people are told it: one line when they
// no longer do, one when they do again, and a reminder now and then. Pure: it is given the time.
//
// What an outage says changes from second to second (this broker, that broker, all of them); the
// worst class stands until a record is delivered, so a flood of errors is a line. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agent/agent_events.h"
#include "agent/kafka_error_class.h"
#include "base/clock.h"

namespace routerate {

class TopicStanding {
 public:
  static constexpr Millis kGrace{3'000};          // what librdkafka gets over by then is no news
  static constexpr Millis kToldInterval{30'000};  // between troubles told, at least
  static constexpr Millis kReminder{300'000};
  static constexpr Millis kPatience{30'000};  // records wait so long without any error
  static constexpr Millis kStuck{300'000};    // and so long before they are taken for forgotten

  // Borrows events.
  TopicStanding(std::string topic, AgentEvents& events)
      : topic_(std::move(topic)), events_(events) {
    events_.KafkaTopicUsed(topic_);
  }

  // An error came, `why` in librdkafka's words. One of size is counted and no trouble: splitting
  // gets over it.
  void Failed(KafkaErrorMeaning meaning, std::string_view why, Millis now);
  void Delivered(Millis now);
  // To be called often; tells what is due. `waiting` records are with the client and not
  // acknowledged: while there are none, a broker that is away is nobody's trouble.
  void Stepped(std::uint64_t waiting, Millis now);

  // Records wait, and for kStuck there was neither an acknowledgement nor an error: librdkafka may
  // have lost sight of them. (In 2.0.2 a record that is to be retried when its topic vanishes is
  // neither failed nor sent.) While brokers are away there are errors.
  bool IsStuck(Millis now) const {
    return waiting_ > 0 && now - std::max(progress_at_, error_at_) >= kStuck;
  }

  // How long to leave Kafka alone before the next producer starts: the longer the more of them
  // failed since the last delivery.
  Millis TakeRestartPause(KafkaErrorClass error_class);

 private:
  struct Trouble {
    KafkaErrorMeaning meaning;
    std::string why;
    Millis since;
    Millis due;  // when it is told
    bool told = false;
  };
  void Stand(KafkaErrorMeaning meaning, std::string_view why, Millis now);
  void TellWhenDue(Millis now);

  std::string topic_;
  AgentEvents& events_;
  std::optional<Trouble> trouble_;
  Millis told_at_{-1'000'000};
  Millis progress_at_{0};  // when a record was last acknowledged, or began to wait
  Millis error_at_{0};
  std::uint64_t waiting_ = 0;   // at the last step
  std::uint64_t restarts_ = 0;  // since the last delivery
};

}  // namespace routerate
