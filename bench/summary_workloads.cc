// Each pod's summary of a second is made once; a pass puts the second into it, counts it, and
// brings what was counted through the counts log.
#include "bench/summary_workloads.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "aggregator/record_intake.h"
#include "base/check.h"
#include "bench/counting_world.h"
#include "parsers/request_summary.h"
#include "parsers/summary_record.h"

namespace routerate::bench {
namespace {

constexpr std::size_t kPods = 20;
constexpr std::size_t kRoutes = 50;
constexpr std::int64_t kBytesASecond = 1'000'000'000;
constexpr std::string_view kBeforeSecond = "{\"second\":";

struct PodSummary {
  std::string source;
  std::string value;
  std::vector<std::size_t> seconds;  // where in the value their digits begin
};

// Latencies about 12 ms, as servers have them: a long tail.
RequestSummary Requests(std::size_t count, std::mt19937_64& random) {
  auto routes = *RouteMatcher::Create({}, "");
  std::lognormal_distribution<double> latency(std::log(12'000), 1);
  RequestSummary summary;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string path = fmt::format("/shop/part-{}x/list", random() % kRoutes);
    summary.Add(i * 300,
                {.ts_ms = kBenchStart,
                 .method = "GET",
                 .path = path,
                 .status = random() % 50 == 0 ? 404 : 200,
                 .bytes = static_cast<std::int64_t>(random() % 20'000),
                 .duration_us = static_cast<std::int64_t>(latency(random))},
                routes);
  }
  return summary;
}

PodSummary MakeSummary(std::size_t pod, std::size_t requests, std::mt19937_64& random) {
  PodSummary made{fmt::format("shops/shop/shop-{}", pod), Requests(requests, random).Encode(), {}};
  for (std::size_t at = 0; at < made.value.size(); at = made.value.find('\n', at) + 1) {
    made.seconds.push_back(at + kBeforeSecond.size());
  }
  return made;
}

class SummaryTraffic {
 public:
  explicit SummaryTraffic(std::size_t requests)
      : intake_(options_, *RouteMatcher::Create({}, ""), clock_, source_, log_, 1),
        requests_(requests) {
    std::mt19937_64 random(requests);
    summaries_.reserve(kPods);
    for (std::size_t pod = 0; pod < kPods; ++pod) {
      summaries_.push_back(MakeSummary(pod, requests, random));
    }
    log_.Poll(intake_);
    intake_.OnAssigned(0);
  }

  std::uint64_t requests() const { return kPods * requests_; }
  std::uint64_t bytes() const {
    std::uint64_t bytes = 0;
    for (const PodSummary& summary : summaries_) bytes += summary.value.size();
    return bytes;
  }

  // Nothing but the reading.
  Pass Read() {
    Pass pass;
    for (const PodSummary& summary : summaries_) {
      (void)reader_.Read(summary.value, [&pass](const SummaryRow& row) {
        pass.understood += row.counts.Requests();
        pass.checksum += row.counts.Bytes() + row.counts.sketch.bucket_count();
      });
    }
    return pass;
  }

  Pass Count() {
    clock_.Tick();
    const std::uint64_t before = intake_.health().events;
    for (PodSummary& summary : summaries_) Bring(summary);
    intake_.Flush();
    log_.Poll(intake_);
    return {intake_.health().events - before, intake_.series_count()};
  }

 private:
  void Bring(PodSummary& summary) {
    const std::string second = std::to_string(clock_.Wall() / 1000);
    for (const std::size_t at : summary.seconds) second.copy(summary.value.data() + at, 10);
    const std::string first = std::to_string(clock_.second() * kBytesASecond);
    const std::string last = std::to_string((clock_.second() + 1) * kBytesASecond - 1);
    const std::string now = std::to_string(clock_.Wall());
    const std::pair<std::string_view, std::string_view> headers[] = {
        {"rr-version", "1"}, {"rr-kind", "summary"}, {"rr-source", summary.source},
        {"rr-file", "1"},    {"rr-watermark", now},  {"rr-first", first},
        {"rr-last", last}};
    intake_.OnRecord({0, next_offset_++, clock_.Wall(), headers, summary.value});
  }

  AggregatorOptions options_;
  SecondsClock clock_;
  NoSource source_;
  CountsInMemory log_;
  RecordIntake intake_;
  SummaryReader reader_;
  std::size_t requests_;
  std::vector<PodSummary> summaries_;
  std::int64_t next_offset_ = 0;
};

Workload Of(std::string_view step, std::size_t requests, std::string_view what,
            Pass (SummaryTraffic::*run)()) {
  const auto prepare = [requests, run] {
    const auto traffic = std::make_shared<SummaryTraffic>(requests);
    return PreparedWorkload{.lines = traffic->requests(),
                            .bytes = traffic->bytes(),
                            .run = [traffic, run] { return ((*traffic).*run)(); }};
  };
  return {fmt::format("{}/summaries-{}", step, requests), "",
          fmt::format("summaries of {} requests, {} routes, {} pods, {}", requests, kRoutes, kPods,
                      what),
          prepare};
}

}  // namespace

std::vector<Workload> SummaryWorkloads() {
  std::vector<Workload> all;
  for (const std::size_t requests : {1'000, 10'000, 50'000}) {
    all.push_back(Of("read", requests, "read", &SummaryTraffic::Read));
    all.push_back(
        Of("aggregator", requests, "counted, appended and read back", &SummaryTraffic::Count));
  }
  return all;
}

}  // namespace routerate::bench
