// The consumer over the embedded broker: librdkafka's real protocol at both ends, in one process.
#include "aggregator/kafka_consumer.h"

#include <librdkafka/rdkafka.h>

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <set>

#include "aggregator/aggregator.h"
#include "aggregator/kafka_counts_log.h"
#include "aggregator/kafka_embedded_broker.h"
#include "tests/aggregator/aggregator_world.h"

namespace routerate {
namespace {

constexpr Millis kPatience{60'000};

struct ProducerDeleter {
  void operator()(rd_kafka_t* producer) const { rd_kafka_destroy(producer); }
};

class Producer {
 public:
  explicit Producer(const std::string& brokers) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    std::array<char, 256> why = {};
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), why.data(), why.size());
    producer_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size()));
  }

  void Send(int partition, const HeaderPairs& pairs, const std::string& value) {
    rd_kafka_headers_t* headers = rd_kafka_headers_new(pairs.size());
    for (const auto& [name, text] : pairs) {
      rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), text.data(),
                          static_cast<ssize_t>(text.size()));
    }
    const auto error = rd_kafka_producev(
        producer_.get(), RD_KAFKA_V_TOPIC("routerate-events"), RD_KAFKA_V_PARTITION(partition),
        RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    REQUIRE(error == RD_KAFKA_RESP_ERR_NO_ERROR);
  }
  void Flush() { REQUIRE(rd_kafka_flush(producer_.get(), 30'000) == RD_KAFKA_RESP_ERR_NO_ERROR); }

 private:
  std::unique_ptr<rd_kafka_t, ProducerDeleter> producer_;
};

// Remembers what came.
class Recorder final : public RecordVisitor {
 public:
  std::map<int, std::vector<std::int64_t>> offsets;  // of assigned partitions
  std::set<int> caught_up;
  std::vector<std::string> values;
  std::map<std::string, std::string> last_headers;
  WallMs last_record_ms = -1;

  RecordSource* source = nullptr;  // of the poll under way

  void OnAssigned(int partition) override {
    offsets[partition].clear();
    source->ReadFrom(partition, -1);
  }
  void OnCaughtUp(int partition) override { caught_up.insert(partition); }
  void OnRevoked(int partition) override {
    offsets.erase(partition);
    caught_up.erase(partition);
  }
  void OnRecord(const ConsumedRecord& record) override {
    REQUIRE(offsets.contains(record.partition));
    offsets[record.partition].push_back(record.offset);
    values.emplace_back(record.value);
    last_headers.clear();
    for (const auto& [name, value] : record.headers) last_headers[std::string(name)] = value;
    last_record_ms = record.record_ms;
  }
};

// Polls until `done`; a test fails when it takes for ever.
void PollUntil(RecordSource& source, Recorder& visitor, const std::function<bool()>& done) {
  visitor.source = &source;
  const SystemClock clock;
  const Millis until = clock.Monotonic() + kPatience;
  while (!done() && clock.Monotonic() < until) source.Poll(Millis{50}, visitor);
  REQUIRE(done());
}

struct Broker {
  SystemClock clock;
  std::unique_ptr<EmbeddedBroker> broker =
      *EmbeddedBroker::Start({"routerate-events", "routerate-counts"});
  // Short, for the mock's groups settle only after a member that left would have timed out.
  ConsumerOptions options{
      .brokers = broker->address(),
      .properties = {{"session.timeout.ms", "4000"}, {"heartbeat.interval.ms", "200"}}};
  std::unique_ptr<KafkaConsumer> Join() const { return *KafkaConsumer::Create(options, clock); }
};

TEST_CASE("records come with their headers, value, offset and time") {
  const Broker broker;
  Producer producer(broker.options.brokers);
  const RecordHeaders headers{RecordKind::kEvents, "ns/shop/0", "file", 1234};
  producer.Send(1, EncodeHeaders(headers), "value\n");
  producer.Flush();
  const auto consumer = broker.Join();
  CHECK_FALSE(consumer->Status().joined);
  Recorder recorder;
  PollUntil(*consumer, recorder, [&recorder] { return recorder.values.size() == 1; });
  CHECK(consumer->Status().joined);
  CHECK(recorder.offsets.size() == EmbeddedBroker::kPartitions);
  CHECK(recorder.offsets[1] == std::vector<std::int64_t>{0});
  CHECK(recorder.values[0] == "value\n");
  const HeaderPairs pairs = EncodeHeaders(headers);
  CHECK(recorder.last_headers == std::map<std::string, std::string>(pairs.begin(), pairs.end()));
  CHECK(std::abs(recorder.last_record_ms - broker.clock.Wall()) < kPatience.count());
}

TEST_CASE("idle and busy partitions are both known to be read to their end") {
  const Broker broker;
  Producer producer(broker.options.brokers);
  for (int i = 0; i < 5000; ++i) producer.Send(2, {}, std::to_string(i));
  producer.Flush();
  const auto consumer = broker.Join();
  Recorder recorder;
  PollUntil(*consumer, recorder,
            [&recorder] { return recorder.caught_up.size() == EmbeddedBroker::kPartitions; });
  CHECK(recorder.offsets[2].size() == 5000);
  CHECK(consumer->Status().lag.at(2) == 0);
}

TEST_CASE("records that the broker drops before they are read are counted as missing") {
  Broker broker;
  broker.options.properties["queued.max.messages.kbytes"] = "1";  // fetches little ahead
  Producer producer(broker.options.brokers);
  producer.Send(0, {}, "first");
  producer.Flush();
  const auto consumer = broker.Join();
  Recorder recorder;
  PollUntil(*consumer, recorder, [&recorder] { return !recorder.values.empty(); });
  constexpr std::int64_t kMore = 200;
  for (int i = 0; i < kMore; ++i) producer.Send(0, {}, std::string(100'000, 'x'));
  producer.Flush();
  PollUntil(*consumer, recorder, [&recorder] { return recorder.offsets[0].back() == kMore; });
  const std::uint64_t missing = consumer->Status().missing;
  CHECK(missing > 0);
  CHECK(missing + recorder.values.size() == kMore + 1);
}

TEST_CASE("a new member reads everything again, whatever the one before had read") {
  const Broker broker;
  Producer producer(broker.options.brokers);
  for (int i = 0; i < 10; ++i) producer.Send(i % EmbeddedBroker::kPartitions, {}, "x");
  producer.Flush();
  for (int member = 0; member < 2; ++member) {
    Recorder recorder;
    const auto consumer = broker.Join();
    PollUntil(*consumer, recorder, [&recorder] { return recorder.values.size() == 10; });
  }
}

TEST_CASE("partitions that go to another member are revoked and read there from the beginning") {
  const Broker broker;
  Producer producer(broker.options.brokers);
  for (int i = 0; i < 40; ++i) producer.Send(i % EmbeddedBroker::kPartitions, {}, "x");
  producer.Flush();
  Recorder first;
  const auto consumer = broker.Join();
  PollUntil(*consumer, first, [&first] { return first.values.size() == 40; });
  Recorder second;
  const auto other = broker.Join();
  PollUntil(*other, second, [&] {
    consumer->Poll(Millis{0}, first);
    return !second.offsets.empty() && second.values.size() == second.offsets.size() * 10;
  });
  CHECK(first.offsets.size() + second.offsets.size() == EmbeddedBroker::kPartitions);
  for (const auto& [partition, offsets] : second.offsets) {
    CHECK_FALSE(first.offsets.contains(partition));
    CHECK(offsets.front() == 0);
  }
}

TEST_CASE("reading goes on where it is told to, forwards and back") {
  const Broker broker;
  Producer producer(broker.options.brokers);
  for (int i = 0; i < 10; ++i) producer.Send(0, {}, "x");
  producer.Flush();
  Recorder recorder;
  const auto consumer = broker.Join();
  PollUntil(*consumer, recorder, [&recorder] { return recorder.values.size() == 10; });
  for (const std::int64_t begin : {std::int64_t{7}, std::int64_t{2}, std::int64_t{-1}}) {
    const auto first = std::max<std::int64_t>(begin, 0);
    recorder.offsets[0].clear();
    recorder.caught_up.clear();
    consumer->ReadFrom(0, begin);
    PollUntil(*consumer, recorder, [&recorder] { return recorder.caught_up.contains(0); });
    std::vector<std::int64_t> expected(static_cast<std::size_t>(10 - first));
    std::iota(expected.begin(), expected.end(), first);
    CHECK(recorder.offsets[0] == expected);
  }
}

TEST_CASE("a broker that cannot be reached is a state with a reason, and closing does not hang") {
  const SystemClock clock;
  const auto consumer = *KafkaConsumer::Create({.brokers = "127.0.0.1:1"}, clock);
  Recorder recorder;
  PollUntil(*consumer, recorder, [&consumer] { return !consumer->Status().trouble.empty(); });
  CHECK(consumer->Status().trouble.find("no broker of 127.0.0.1:1 answers") != std::string::npos);
  CHECK_FALSE(consumer->Status().joined);
}

TEST_CASE("from records in a broker to rates on the board") {
  const Broker broker;
  AggregatorOptions options;
  options.kafka = broker.options;
  const WallMs now = broker.clock.Wall();
  const auto headers = [](RecordKind kind, WallMs watermark) {
    return EncodeHeaders({kind, "ns/shop/0", kind == RecordKind::kEvents ? "file" : "", watermark});
  };
  Producer producer(broker.options.brokers);
  producer.Send(3, headers(RecordKind::kHeartbeat, now - 400'000), "");
  std::vector<TestEvent> events;
  events.reserve(60);
  for (std::uint64_t i = 0; i < 60; ++i) {
    events.push_back({.offset = i, .ts_ms = now - static_cast<WallMs>(i) * 1000, .path = "/o/7"});
  }
  for (int repeat = 0; repeat < 3; ++repeat) {
    producer.Send(3, headers(RecordKind::kEvents, now), EventLines(events));
  }
  producer.Send(3, {}, "somebody else's");
  producer.Flush();

  const auto consumer = broker.Join();
  const auto log = *KafkaCountsLog::Create(broker.options, broker.clock);
  StatsBoard board;
  Aggregator aggregator(options, *RouteMatcher::Create({}, ""), broker.clock, *consumer, *log,
                        board);
  const Millis until = broker.clock.Monotonic() + kPatience;
  while (!board.Latest()->was_caught_up && broker.clock.Monotonic() < until) {
    aggregator.Step(Millis{50});
  }
  const auto snapshot = board.Latest();
  CHECK(Total(*snapshot) == 60);
  CHECK(snapshot->health.duplicates == 120);
  CHECK(snapshot->health.RecordsRejected() == 1);
  const SeriesStats* series = FindSeries(*snapshot, "ns/shop", "/o/{id}");
  REQUIRE(series != nullptr);
  REQUIRE(series->requests_per_second[0].has_value());
  CHECK(*series->requests_per_second[0] == Approx(1.0).margin(0.11));
}

}  // namespace
}  // namespace routerate
