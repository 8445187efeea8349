// Deliveries and Kafka's errors as metrics, and the lines of the log that tell of them.
#include "agent/delivery_metrics.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/agent/log_capture.h"

using namespace routerate;

namespace {

std::string Exposed(const DeliveryMetrics& metrics) {
  Exposition page;
  metrics.Expose(&page);
  return page.Text();
}

constexpr std::string_view kRemedy = "create the topic";

}  // namespace

TEST_CASE("the latency is a histogram whose buckets include their bounds") {
  DeliveryMetrics metrics;
  for (const int latency : {0, 5, 6, 1000, 400'000}) metrics.RecordDelivered(Millis{latency});
  const std::string text = Exposed(metrics);
  CHECK_THAT(text, Catch::Contains("# TYPE routerate_agent_delivery_seconds histogram\n"));
  CHECK_THAT(text, Catch::Contains("routerate_agent_delivery_seconds_bucket{le=\"0.005\"} 2\n"));
  CHECK_THAT(text, Catch::Contains("routerate_agent_delivery_seconds_bucket{le=\"1\"} 4\n"));
  CHECK_THAT(text, Catch::Contains("routerate_agent_delivery_seconds_bucket{le=\"+Inf\"} 5\n"));
  CHECK_THAT(text, Catch::Contains("routerate_agent_delivery_seconds_count 5\n"));
  CHECK_THAT(text, Catch::Contains("routerate_agent_delivery_seconds_sum 401.011\n"));
  CHECK_THAT(text, Catch::Contains("routerate_agent_records_delivered_total 5\n"));
}

TEST_CASE("errors are counted by class, and a topic is paused until it recovers") {
  LogCapture log;
  DeliveryMetrics metrics;
  metrics.KafkaTopicUsed("t");
  metrics.KafkaError(KafkaErrorClass::kPause);
  CHECK_THAT(Exposed(metrics),
             Catch::Contains("routerate_agent_kafka_errors_total{class=\"pause\"} 1\n"));
  CHECK_THAT(Exposed(metrics),
             Catch::Contains("routerate_agent_kafka_errors_total{class=\"too_large\"} 0\n"));
  CHECK_THAT(Exposed(metrics), Catch::Contains("routerate_agent_kafka_paused{topic=\"t\"} 0\n"));
  metrics.KafkaTroubled({"t", KafkaErrorClass::kPause, "no such topic", kRemedy, Millis{0}});
  CHECK(log.Take() == "kafka, topic t: paused: no such topic (create the topic)\n");
  CHECK_THAT(Exposed(metrics), Catch::Contains("routerate_agent_kafka_paused{topic=\"t\"} 1\n"));
  metrics.KafkaTroubled({"t", KafkaErrorClass::kPause, "no such topic", kRemedy, Millis{300'000}});
  CHECK(log.Take() == "kafka, topic t: paused for 300 s: no such topic (create the topic)\n");
  metrics.KafkaRecovered("t", Millis{301'200});
  CHECK(log.Take() == "kafka, topic t: delivering again after 301.2 s\n");
  CHECK_THAT(Exposed(metrics), Catch::Contains("routerate_agent_kafka_paused{topic=\"t\"} 0\n"));
}

TEST_CASE("a topic whose records are only tried or sent again is not paused") {
  LogCapture log;
  DeliveryMetrics metrics;
  metrics.KafkaTroubled({"t", KafkaErrorClass::kRetry, "disconnected", "is it up?", Millis{3000}});
  metrics.KafkaTroubled({"t", KafkaErrorClass::kResend, "fenced", "wait", Millis{0}});
  CHECK(log.Take() ==
        "kafka, topic t: trying again: disconnected (is it up?)\n"
        "kafka, topic t: sending again: fenced (wait)\n");
  CHECK_THAT(Exposed(metrics), Catch::Contains("routerate_agent_kafka_paused{topic=\"t\"} 0\n"));
}

TEST_CASE("oversize lines are counted, and one in ten seconds is shown with its place") {
  LogCapture log;
  DeliveryMetrics metrics;
  metrics.LineTooLarge("/a.log", 17, 5000, Millis{0});
  CHECK_THAT(log.Take(), Catch::StartsWith("/a.log: the line at byte 17 makes an event of 5000 "
                                           "bytes, more than Kafka takes; "));
  metrics.LineTooLarge("/a.log", 18, 5000, Millis{9'999});
  CHECK(log.Take().empty());
  metrics.LineTooLarge("/a.log", 19, 5000, Millis{10'000});
  CHECK_THAT(log.Take(), Catch::Contains("(1 more such lines since the last one shown)"));
  CHECK_THAT(Exposed(metrics), Catch::Contains("routerate_agent_oversize_lines_total 3\n"));
}
