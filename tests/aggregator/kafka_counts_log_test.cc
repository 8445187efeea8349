// The counts log over librdkafka's mock cluster.
#include "aggregator/kafka_counts_log.h"

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "aggregator/count_record.h"
#include "aggregator/kafka_embedded_broker.h"

namespace routerate {
namespace {

struct Heard final : CountsVisitor {
  std::vector<std::string> values;
  std::vector<std::string> values_at_start;
  bool read = false;
  int failures = 0;

  void OnCounts(std::string_view value, std::int64_t) override { values.emplace_back(value); }
  void OnCountsRead() override {
    REQUIRE_FALSE(read);
    read = true;
    values_at_start = values;
  }
  void OnAppendFailed(int) override { ++failures; }
};

struct CountsBroker {
  SystemClock clock;
  std::unique_ptr<EmbeddedBroker> broker =
      *EmbeddedBroker::Start({"routerate-events", "routerate-counts"});
  ConsumerOptions options{.brokers = broker->address()};

  std::unique_ptr<KafkaCountsLog> Open() const { return *KafkaCountsLog::Create(options, clock); }
};

void PollUntil(CountsLog& log, Heard& heard, const std::function<bool()>& done) {
  const SystemClock clock;
  const Millis until = clock.Monotonic() + Millis{30'000};
  while (!done() && clock.Monotonic() < until) log.Poll(heard);
  REQUIRE(done());
}

TEST_CASE("what is appended comes to everybody, in its order") {
  const CountsBroker broker;
  const auto one = broker.Open();
  const auto other = broker.Open();
  Heard at_one;
  Heard at_other;
  PollUntil(*one, at_one, [&] { return at_one.read; });
  PollUntil(*other, at_other, [&] { return at_other.read; });
  for (int i = 0; i < 100; ++i) one->Append(3, std::to_string(i));
  PollUntil(*one, at_one, [&] { return at_one.values.size() == 100; });
  PollUntil(*other, at_other, [&] { return at_other.values.size() == 100; });
  CHECK(at_one.values == at_other.values);
  for (std::size_t i = 0; i < 100; ++i) CHECK(at_one.values[i] == std::to_string(i));
  CHECK(at_one.failures == 0);
  CHECK(one->Trouble().empty());
}

TEST_CASE("who starts is told when he has read what was there") {
  const CountsBroker broker;
  {
    const auto before = broker.Open();
    Heard heard;
    PollUntil(*before, heard, [&] { return heard.read; });
    for (int partition = 0; partition < 8; ++partition) before->Append(partition, "x");
    PollUntil(*before, heard, [&] { return heard.values.size() == 8; });
  }
  const auto late = broker.Open();
  Heard heard;
  PollUntil(*late, heard, [&] { return heard.read; });
  CHECK(heard.values_at_start.size() == 8);
}

// A record of the input partition that names where the snapshot before it begins.
std::string Naming(int partition, std::int64_t snapshot_at, int number) {
  CountHeader header;
  header.partition = partition;
  header.snapshot_at = snapshot_at;
  header.sequence = static_cast<std::uint64_t>(number);
  return EncodeParts(header, {""}).front();
}

TEST_CASE("who starts reads from the snapshots on that the last records name") {
  constexpr int kRecords = 400;
  constexpr int kSnapshot = 350;
  const CountsBroker broker;
  {
    const auto before = broker.Open();
    Heard heard;
    PollUntil(*before, heard, [&] { return heard.read; });
    for (int number = 0; number < kRecords; ++number) {
      before->Append(3, Naming(3, number < kSnapshot ? -1 : kSnapshot, number));
    }
    before->Append(5, Naming(5, -1, 0));
    PollUntil(*before, heard, [&] { return heard.values.size() == kRecords + 1; });
  }
  const auto late = broker.Open();
  Heard heard;
  PollUntil(*late, heard, [&] { return heard.read; });
  CHECK(heard.values_at_start.size() == kRecords - kSnapshot + 1);
}

TEST_CASE("without a broker nothing is read, and nothing fails") {
  const SystemClock clock;
  const auto log = *KafkaCountsLog::Create({.brokers = "127.0.0.1:1"}, clock);
  Heard heard;
  for (int i = 0; i < 3; ++i) log->Poll(heard);
  CHECK_FALSE(heard.read);
}

}  // namespace
}  // namespace routerate
