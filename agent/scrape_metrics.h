// Exposition: the metrics of one scrape as they are put together.
#pragma once

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace routerate {

// Not thread-safe; made for each scrape.
class Exposition {
 public:
  using Labels = std::vector<prometheus::ClientMetric::Label>;

  void Counter(const std::string& name, const std::string& help, std::uint64_t value) {
    Begin(name, help, prometheus::MetricType::Counter);
    Add({}, static_cast<double>(value));
  }
  void Gauge(const std::string& name, const std::string& help, double value) {
    Begin(name, help, prometheus::MetricType::Gauge);
    Add({}, value);
  }
  // A family whose series follow by Add.
  void Begin(const std::string& name, const std::string& help, prometheus::MetricType type) {
    families_.push_back(prometheus::MetricFamily{name, help, type, {}});
  }
  void Add(Labels labels, double value) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.counter.value = metric.gauge.value = value;
    families_.back().metric.push_back(std::move(metric));
  }
  void Add(prometheus::ClientMetric metric) {
    families_.back().metric.push_back(std::move(metric));
  }
  // The text exposition format, version 0.0.4.
  std::string Text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace routerate
