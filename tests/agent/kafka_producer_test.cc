// The producer against librdkafka's mock cluster: what it does for each class of error.
#include "agent/kafka_producer.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "agent/send_window.h"
#include "agent/topic_standing.h"
#include "tests/agent/kafka_mock.h"

using namespace routerate;
using Tickets = std::vector<Ticket>;

namespace {

const std::string kTopic = "routerate-events";

struct Listener final : DeliveryListener {
  std::set<Ticket> delivered;
  Tickets too_large;
  std::vector<Loss> losses;
  std::vector<std::string> lost;
  void OnDelivered(Ticket ticket) override { delivered.insert(ticket); }
  void OnTooLarge(Ticket ticket) override { too_large.push_back(ticket); }
  void OnLost(Loss loss, std::string_view why) override {
    losses.push_back(loss);
    lost.emplace_back(why);
  }
};

// Goes on as the world's, from wherever it is put.
struct MovableClock final : Clock {
  Millis ahead{0};
  Millis Monotonic() const override { return world.Monotonic() + ahead; }
  WallMs Wall() const override { return world.Wall(); }
  SystemClock world;
};

struct Harness {
  MockCluster mock{1};
  MovableClock clock;
  EventLog events;
  std::unique_ptr<Waiter> waiter = Waiter::Create(WatchFiles::kNo).value();
  Listener listener;
  KafkaOptions options;
  std::unique_ptr<KafkaProducer> producer;

  Harness() {
    mock.CreateTopic(kTopic);
    options.brokers = mock.Brokers();
    Start();
  }
  void Start() {
    producer = KafkaProducer::Create(options, 8 << 20, waiter->kick_fd(), clock, events).value();
  }
  SendResult TrySend(Ticket ticket, std::size_t filling = 0) {
    const RecordHeaders headers{RecordKind::kEvents, "n/s/p", "f", 1};
    return producer->TrySend("n/p", EncodeHeaders(headers),
                             "value " + std::to_string(ticket) + std::string(filling, ' '), ticket);
  }
  bool Send(Ticket ticket, std::size_t filling = 0) {
    return TrySend(ticket, filling) == SendResult::kSent;
  }
  // Polls until `done`, sleeping on the producer's own kick.
  template <typename Done>
  bool Until(Done done) {
    const Millis end = clock.Monotonic() + kKafkaDeadline;
    bool reached = done();
    for (; !reached && clock.Monotonic() < end; reached = done()) {
      waiter->Wait(Millis{100}, WatchFiles::kNo);
      producer->Poll(listener);
    }
    return reached;
  }
  // Sends it again after each loss.
  bool Delivers(Ticket ticket) {
    std::size_t sent_after = SIZE_MAX;
    return Until([&] {
      const std::size_t losses = listener.losses.size();
      if (sent_after != losses && Send(ticket)) sent_after = losses;
      return listener.delivered.contains(ticket);
    });
  }
};

}  // namespace

TEST_CASE("records are delivered in order, and each is acknowledged") {
  Harness harness;
  std::vector<std::string> sent;
  for (Ticket ticket = 1; ticket <= 50; ++ticket) {
    REQUIRE(harness.Until([&] { return harness.Send(ticket); }));
    sent.push_back("value " + std::to_string(ticket));
  }
  CHECK(harness.Until([&] { return harness.listener.delivered.size() == 50; }));
  std::vector<std::string> values;
  for (const Consumed& record : Consume(harness.mock.Brokers(), kTopic, 50)) {
    values.push_back(record.value);
  }
  CHECK(values == sent);
}

TEST_CASE("a producer takes one record until that one is delivered, then all") {
  Harness harness;
  REQUIRE(harness.Send(1));
  CHECK(harness.TrySend(2) == SendResult::kFull);
  REQUIRE(harness.Until([&] { return harness.listener.delivered.contains(1); }));
  CHECK(harness.Send(2));
  CHECK(harness.Send(3));
}

TEST_CASE("while nothing is acknowledged a producer takes no more records than it can send") {
  Harness harness;
  REQUIRE(harness.Delivers(1));
  rd_kafka_mock_broker_set_down(harness.mock.cluster, 1);
  std::uint64_t sent = 0;
  for (Ticket ticket = 2; ticket < 20; ++ticket) {
    harness.clock.ahead += Millis{10};
    sent += harness.Send(ticket) ? 1 : 0;
  }
  CHECK(sent == SendWindow::kRecords);
}

TEST_CASE("class retry: an error that passes is retried without anybody noticing") {
  const auto error = GENERATE(
      RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
      RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
      RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
  CAPTURE(rd_kafka_err2name(error));
  CHECK(MeaningOfKafkaError(error).error_class == KafkaErrorClass::kRetry);
  Harness harness;
  harness.mock.FailNext(kProduceRequest, {error});
  REQUIRE(harness.Send(1));
  CHECK(harness.Until([&] { return harness.listener.delivered.contains(1); }));
  CHECK(harness.listener.lost.empty());
  CHECK(harness.events.kafka.empty());
}

TEST_CASE("class resend: the record is told as lost on the way, and a new producer takes over") {
  const auto error =
      GENERATE(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
               RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
               RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_UNKNOWN);
  CAPTURE(rd_kafka_err2name(error));
  CHECK(MeaningOfKafkaError(error).error_class == KafkaErrorClass::kResend);
  Harness harness;
  harness.mock.FailNext(kProduceRequest, {error});
  REQUIRE(harness.Send(1));
  REQUIRE(harness.Until([&] { return !harness.listener.lost.empty(); }));
  CHECK(harness.listener.losses == std::vector{Loss::kOnTheWay});
  CHECK(harness.listener.delivered.empty());
  CHECK(harness.Delivers(2));
  CHECK(harness.events.kafka_errors[KafkaErrorClass::kResend] == 1);
}

TEST_CASE("a broker that forgot the producer is no failure: librdkafka begins anew by itself") {
  Harness harness;
  harness.mock.FailNext(kProduceRequest, {RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID});
  CHECK(harness.Delivers(1));
}

TEST_CASE("class pause: a permission that is lost is told with a remedy, regained it goes on") {
  Harness harness;
  REQUIRE(harness.Delivers(1));
  harness.mock.FailNext(kProduceRequest, {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
                                          RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
  REQUIRE(harness.Send(2));
  REQUIRE(harness.Until([&] { return harness.listener.losses.size() == 1; }));
  CHECK(harness.listener.losses[0] == Loss::kRefused);
  CHECK(harness.listener.lost[0] == "Broker: Topic authorization failed");
  REQUIRE(harness.events.kafka.size() == 1);
  CHECK_THAT(harness.events.kafka[0],
             Catch::StartsWith("routerate-events pause ") &&
                 Catch::EndsWith(": Broker: Topic authorization failed (allow this client WRITE "
                                 "and DESCRIBE on the topic)"));
  REQUIRE(harness.Until([&] { return harness.Send(3); }));
  REQUIRE(harness.Until([&] { return harness.listener.losses.size() == 2; }));
  CHECK(harness.Delivers(4));
  CHECK(harness.listener.delivered == std::set<Ticket>{1, 4});
  CHECK(harness.events.kafka_errors[KafkaErrorClass::kPause] == 2);
  REQUIRE(harness.events.kafka.size() == 2);
  CHECK_THAT(harness.events.kafka[1], Catch::StartsWith("routerate-events recovered after "));
}

TEST_CASE("class pause: a topic that vanishes pauses, and made again it takes records") {
  Harness harness;
  REQUIRE(harness.Delivers(1));
  harness.mock.SetTopicError(kTopic, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  harness.mock.FailNext(kProduceRequest, {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART});
  REQUIRE(harness.Send(2));
  Ticket next = 3;
  const bool lost = harness.Until([&] {
    if (harness.Send(next)) ++next;  // lines that are written meanwhile
    return !harness.listener.losses.empty();
  });
  REQUIRE(lost);
  CHECK(harness.listener.losses == std::vector{Loss::kRefused});
  REQUIRE(harness.events.kafka.size() == 1);
  CHECK_THAT(harness.events.kafka[0], Catch::EndsWith("(create the topic if it is not there)"));
  harness.mock.SetTopicError(kTopic, RD_KAFKA_RESP_ERR_NO_ERROR);
  CHECK(harness.Delivers(next));
}

TEST_CASE("a record that librdkafka lost sight of is sent again by a new producer") {
  Harness harness;
  REQUIRE(harness.Delivers(1));
  harness.mock.SetTopicError(kTopic, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  // Until its retries meet a client that has heard that the topic went.
  harness.mock.FailNext(kProduceRequest, std::vector(10, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART));
  REQUIRE(harness.Send(2));
  harness.producer->Poll(harness.listener);
  harness.clock.ahead += TopicStanding::kStuck;
  REQUIRE(harness.Until([&] { return !harness.listener.losses.empty(); }));
  CHECK(harness.listener.losses == std::vector{Loss::kOnTheWay});
  harness.mock.SetTopicError(kTopic, RD_KAFKA_RESP_ERR_NO_ERROR);
  CHECK(harness.Delivers(3));
}

TEST_CASE("class pause: no permission to be idempotent is told, and given it goes on") {
  Harness harness;
  harness.mock.FailNext(kInitProducerIdRequest, {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
                                                 RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED});
  harness.Start();
  REQUIRE(harness.Until([&] { return !harness.listener.losses.empty(); }));
  CHECK(harness.listener.losses[0] == Loss::kRefused);
  REQUIRE(!harness.events.kafka.empty());
  CHECK_THAT(harness.events.kafka[0], Catch::Contains("IDEMPOTENT_WRITE"));
  CHECK(harness.Delivers(1));
}

TEST_CASE("class too large: a refused request is sent again one record at a time, then named") {
  constexpr std::size_t kFilling = 4096;
  Harness harness;
  REQUIRE(harness.Delivers(1));
  harness.mock.FailNext(kProduceRequest, {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
                                          RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
  REQUIRE(harness.Send(2, kFilling));
  REQUIRE(harness.Until([&] { return harness.listener.losses.size() == 1; }));
  CHECK(harness.listener.losses[0] == Loss::kOnTheWay);
  CHECK(harness.listener.too_large.empty());
  REQUIRE(harness.Until([&] { return harness.Send(3, kFilling); }));
  REQUIRE(harness.Until([&] { return harness.listener.losses.size() == 2; }));
  CHECK(harness.listener.too_large == Tickets{3});
  CHECK(harness.Delivers(4));
  CHECK(harness.events.kafka.empty());
  CHECK(harness.events.kafka_errors[KafkaErrorClass::kTooLarge] == 2);
}

TEST_CASE("class too large: a topic that refuses the smallest record is paused, not given up") {
  Harness harness;
  harness.mock.FailNext(kProduceRequest, {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
  REQUIRE(harness.Send(1));
  REQUIRE(harness.Until([&] { return !harness.listener.losses.empty(); }));
  CHECK(harness.listener.losses == std::vector{Loss::kRefused});
  CHECK(harness.listener.too_large.empty());
  REQUIRE(!harness.events.kafka.empty());
  CHECK_THAT(harness.events.kafka[0], Catch::Contains("raise max.message.bytes of the topic"));
}

TEST_CASE("class too large: what the client itself does not take costs no producer") {
  Harness harness;
  harness.options.properties["message.max.bytes"] = "10000";
  harness.Start();
  REQUIRE(harness.Delivers(1));
  CHECK(harness.TrySend(2, 10'000) == SendResult::kTooLarge);
  CHECK(harness.Delivers(3));
  CHECK(harness.listener.losses.empty());
}

TEST_CASE("class configuration: settings that do not fit end the program at its start") {
  Harness harness;
  harness.options.properties["security.protocol"] = "ssl";
  harness.options.properties["ssl.ca.location"] = "/nowhere/ca.pem";
  const auto producer = KafkaProducer::Create(harness.options, 8 << 20, harness.waiter->kick_fd(),
                                              harness.clock, harness.events);
  REQUIRE_FALSE(producer.has_value());
  CHECK_THAT(producer.error().message, Catch::StartsWith("start Kafka producer: "));
  CHECK_THAT(producer.error().message, Catch::Contains("ssl.ca.location"));
  CHECK_THAT(producer.error().message, Catch::EndsWith("; see kafka.properties"));
}

TEST_CASE("a broker that is away is told once, after a while, and so is its return") {
  Harness harness;
  REQUIRE(harness.Delivers(1));
  rd_kafka_mock_broker_set_down(harness.mock.cluster, 1);
  REQUIRE(harness.Send(2));
  REQUIRE(harness.Until([&] { return !harness.events.kafka.empty(); }));
  CHECK_THAT(harness.events.kafka[0], Catch::StartsWith("routerate-events retry "));
  rd_kafka_mock_broker_set_up(harness.mock.cluster, 1);
  REQUIRE(harness.Until([&] { return harness.listener.delivered.contains(2); }));
  CHECK(harness.events.kafka.size() == 2);
  CHECK(harness.listener.losses.empty());
}

TEST_CASE("a property that librdkafka does not know or that promises rest on is refused") {
  CHECK(CheckProducerProperty("linger.ms", "20").has_value());
  CHECK(CheckProducerProperty("lingerms", "20").error().message ==
        "No such configuration property: \"lingerms\"");
  CHECK_THAT(CheckProducerProperty("linger.ms", "x").error().message,
             Catch::StartsWith("Invalid value"));
  CHECK(CheckProducerProperty("acks", "1").error().message ==
        "is set by routerate and cannot be changed");
}
