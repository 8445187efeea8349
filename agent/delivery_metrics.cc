// One line of the log for a state that changes, never one for a record.
#include "agent/delivery_metrics.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace routerate {
namespace {

using prometheus::MetricType;

constexpr Millis kOversizeInterval{10'000};  // an oversize line is told so often at most

double Seconds(Millis time) { return static_cast<double>(time.count()) / 1000; }

bool IsPause(KafkaErrorClass error_class) {
  return error_class == KafkaErrorClass::kPause || error_class == KafkaErrorClass::kConfiguration;
}

std::string_view WhatIsDone(KafkaErrorClass error_class) {
  if (IsPause(error_class)) return "paused";
  return error_class == KafkaErrorClass::kResend ? "sending again" : "trying again";
}

}  // namespace

void DeliveryMetrics::Expose(Exposition* page) const {
  page->Counter("routerate_agent_records_sent_total", "Records of events handed to Kafka's client.",
                sent_);
  page->Counter("routerate_agent_record_bytes_total", "Bytes of their values, before compression.",
                bytes_);
  page->Counter("routerate_agent_records_delivered_total", "Records of events acknowledged.",
                delivered_);
  ExposeLatency(page);
  page->Counter("routerate_agent_resends_total", "Times that everything in flight was sent again.",
                losses_);
  page->Counter("routerate_agent_records_split_total",
                "Records cut from a batch because Kafka takes none as large as the batch.", split_);
  page->Counter("routerate_agent_oversize_lines_total",
                "Lines whose event alone is more than Kafka takes.", oversize_);
  ExposeErrors(page);
}

void DeliveryMetrics::ExposeLatency(Exposition* page) const {
  page->Begin("routerate_agent_delivery_seconds",
              "From handing a record of events to Kafka's client to its acknowledgement.",
              MetricType::Histogram);
  prometheus::ClientMetric metric;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < latencies_.size(); ++i) {
    total += latencies_[i];
    const double bound =
        i < kBuckets.size() ? Seconds(kBuckets[i]) : std::numeric_limits<double>::infinity();
    metric.histogram.bucket.push_back({total, bound});
  }
  metric.histogram.sample_count = total;
  metric.histogram.sample_sum = Seconds(Millis{latency_ms_.load()});
  page->Add(std::move(metric));
}

void DeliveryMetrics::ExposeErrors(Exposition* page) const {
  page->Begin("routerate_agent_kafka_errors_total", "Errors that Kafka's client told, by class.",
              MetricType::Counter);
  for (std::size_t i = 1; i < errors_.size(); ++i) {
    const auto error_class = static_cast<KafkaErrorClass>(i);
    page->Add({{"class", std::string(KafkaErrorClassName(error_class))}},
              static_cast<double>(errors_[i]));
  }
  page->Begin("routerate_agent_kafka_paused",
              "1 while Kafka refuses the topic's records until somebody changes something.",
              MetricType::Gauge);
  const std::lock_guard lock(mutex_);
  for (const auto& [topic, paused] : paused_) page->Add({{"topic", topic}}, paused);
}

void DeliveryMetrics::RecordSent(std::uint64_t bytes) {
  ++sent_;
  bytes_ += bytes;
}

void DeliveryMetrics::RecordDelivered(Millis latency) {
  ++delivered_;
  latency_ms_ += static_cast<std::uint64_t>(latency.count());
  const auto bucket = std::ranges::lower_bound(kBuckets, latency);
  ++latencies_[static_cast<std::size_t>(bucket - kBuckets.begin())];
}

void DeliveryMetrics::RecordsLost(std::string_view why) {
  ++losses_;
  spdlog::debug("sending everything unacknowledged again: {}", why);
}

void DeliveryMetrics::LineTooLarge(std::string_view path, std::uint64_t offset, std::uint64_t bytes,
                                   Millis now) {
  ++oversize_;
  ++oversize_untold_;
  if (now - oversize_told_at_ < kOversizeInterval) return;
  oversize_told_at_ = now;
  const std::uint64_t others = std::exchange(oversize_untold_, 0) - 1;
  spdlog::warn(
      "{}: the line at byte {} makes an event of {} bytes, more than Kafka takes{}; raise "
      "max.message.bytes of the topic, or leave fields out",
      path, offset, bytes,
      others == 0 ? "" : fmt::format(" ({} more such lines since the last one shown)", others));
}

void DeliveryMetrics::KafkaError(KafkaErrorClass error_class) {
  ++errors_[static_cast<std::size_t>(error_class)];
}

void DeliveryMetrics::KafkaTroubled(const KafkaTrouble& trouble) {
  const bool pause = IsPause(trouble.error_class);
  SetPaused(trouble.topic, pause ? 1 : 0);
  const std::string lasting = trouble.lasting < Millis{60'000}
                                  ? ""
                                  : fmt::format(" for {:.0f} s", Seconds(trouble.lasting));
  spdlog::log(pause ? spdlog::level::err : spdlog::level::warn, "kafka, topic {}: {}{}: {} ({})",
              trouble.topic, WhatIsDone(trouble.error_class), lasting, trouble.why, trouble.remedy);
}

void DeliveryMetrics::KafkaRecovered(std::string_view topic, Millis after) {
  SetPaused(topic, 0);
  spdlog::info("kafka, topic {}: delivering again after {:.1f} s", topic, Seconds(after));
}

void DeliveryMetrics::SetPaused(std::string_view topic, int paused) {
  const std::lock_guard lock(mutex_);
  paused_[std::string(topic)] = paused;
}

}  // namespace routerate
