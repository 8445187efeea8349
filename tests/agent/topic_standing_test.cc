// What people are told of a topic, over time.
#include "agent/topic_standing.h"

#include <catch2/catch.hpp>

#include "tests/agent/agent_world.h"

using namespace routerate;
using Told = std::vector<std::string>;

namespace {

constexpr KafkaErrorMeaning kAway{KafkaErrorClass::kRetry, "see the network"};
constexpr KafkaErrorMeaning kDone{KafkaErrorClass::kResend, "nothing is to be done"};
constexpr KafkaErrorMeaning kForbidden{KafkaErrorClass::kPause, "allow it"};
constexpr KafkaErrorMeaning kSize{KafkaErrorClass::kTooLarge, "raise it"};

struct Standing {
  EventLog events;
  TopicStanding topic{"t", events};
  Told Take() { return std::exchange(events.kafka, {}); }
};

}  // namespace

TEST_CASE("a pause is told at once with its remedy, then every five minutes, then its end") {
  Standing standing;
  standing.topic.Failed(kForbidden, "not authorized", Millis{1000});
  standing.topic.Stepped(1, Millis{1000});
  CHECK(standing.Take() == Told{"t pause 0: not authorized (allow it)"});
  for (int i = 2; i < 301; ++i) {
    standing.topic.Failed(kForbidden, "not authorized", Millis{1000 * i});
    standing.topic.Stepped(0, Millis{1000 * i});
  }
  CHECK(standing.Take().empty());
  standing.topic.Stepped(0, Millis{301'000});
  CHECK(standing.Take() == Told{"t pause 300000: not authorized (allow it)"});
  standing.topic.Delivered(Millis{302'000});
  CHECK(standing.Take() == Told{"t recovered after 301000"});
  CHECK(standing.events.kafka_errors[KafkaErrorClass::kPause] == 300);
}

TEST_CASE("what the client gets over within three seconds is no news") {
  Standing standing;
  standing.topic.Failed(kAway, "disconnected", Millis{0});
  standing.topic.Stepped(1, Millis{2'999});
  standing.topic.Delivered(Millis{2'999});
  CHECK(standing.Take().empty());
  standing.topic.Failed(kAway, "disconnected", Millis{5'000});
  standing.topic.Stepped(1, Millis{8'000});
  CHECK(standing.Take() == Told{"t retry 3000: disconnected (see the network)"});
}

TEST_CASE("a broker that is away is nobody's trouble while no record waits") {
  Standing standing;
  standing.topic.Failed(kAway, "disconnected", Millis{0});
  standing.topic.Stepped(0, Millis{1});
  standing.topic.Stepped(1, Millis{10'000});
  CHECK(standing.Take().empty());
}

TEST_CASE("a trouble that turns out worse is told at once, one that is less not until a delivery") {
  Standing standing;
  standing.topic.Failed(kDone, "out of order", Millis{0});
  standing.topic.Stepped(0, Millis{0});
  CHECK(standing.Take() == Told{"t resend 0: out of order (nothing is to be done)"});
  standing.topic.Failed(kForbidden, "not authorized", Millis{1'000});
  standing.topic.Stepped(0, Millis{1'000});
  CHECK(standing.Take() == Told{"t pause 1000: not authorized (allow it)"});
  standing.topic.Failed(kAway, "disconnected", Millis{31'000});
  standing.topic.Stepped(1, Millis{90'000});
  CHECK(standing.Take().empty());
}

TEST_CASE("troubles that come and go are told every thirty seconds at most") {
  Standing standing;
  for (int i = 0; i < 60; ++i) {
    standing.topic.Failed(kDone, "out of order", Millis{1000 * i});
    standing.topic.Stepped(0, Millis{1000 * i});
    standing.topic.Delivered(Millis{1000 * i + 500});
  }
  CHECK(standing.Take() ==
        Told{"t resend 0: out of order (nothing is to be done)", "t recovered after 500",
             "t resend 0: out of order (nothing is to be done)", "t recovered after 500"});
}

TEST_CASE("records that wait for thirty seconds without any error are told") {
  Standing standing;
  standing.topic.Stepped(5, Millis{100'000});
  standing.topic.Stepped(5, Millis{129'999});
  CHECK(standing.Take().empty());
  standing.topic.Stepped(5, Millis{130'000});
  standing.topic.Stepped(5, Millis{133'000});
  const Told told = standing.Take();
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::StartsWith("t retry 3000: no record was acknowledged for 30 s"));
  standing.topic.Delivered(Millis{140'000});
  CHECK(standing.Take() == Told{"t recovered after 10000"});
}

TEST_CASE("records that wait for five minutes with neither acknowledgement nor error are stuck") {
  Standing standing;
  standing.topic.Stepped(5, Millis{100'000});
  CHECK_FALSE(standing.topic.IsStuck(Millis{399'999}));
  CHECK(standing.topic.IsStuck(Millis{400'000}));
  standing.topic.Failed(kAway, "disconnected", Millis{200'000});
  CHECK_FALSE(standing.topic.IsStuck(Millis{400'000}));
  CHECK(standing.topic.IsStuck(Millis{500'000}));
  standing.topic.Delivered(Millis{300'000});
  CHECK_FALSE(standing.topic.IsStuck(Millis{500'000}));
  standing.topic.Stepped(0, Millis{300'000});
  CHECK_FALSE(standing.topic.IsStuck(Millis{900'000}));
}

TEST_CASE(
    "sizes are counted and no trouble, and the pause before a new producer grows without them") {
  Standing standing;
  standing.topic.Failed(kSize, "too large", Millis{0});
  standing.topic.Stepped(1, Millis{10'000});
  CHECK(standing.Take().empty());
  CHECK(standing.events.kafka_errors[KafkaErrorClass::kTooLarge] == 1);
  CHECK(standing.topic.TakeRestartPause(KafkaErrorClass::kTooLarge) < Millis{1'000});
  for (const int seconds : {1, 2, 4, 8, 10, 10}) {
    CHECK(standing.topic.TakeRestartPause(KafkaErrorClass::kPause) == Millis{1000 * seconds});
  }
  standing.topic.Delivered(Millis{20'000});
  CHECK(standing.topic.TakeRestartPause(KafkaErrorClass::kResend) == Millis{1'000});
}
