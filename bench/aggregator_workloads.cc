// A pass is a second: now and then what was counted is appended to the counts log and read back
// from there, at the program's pace. The log is in memory.
#include "bench/aggregator_workloads.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "aggregator/pace.h"
#include "aggregator/record_intake.h"
#include "base/check.h"
#include "bench/counting_world.h"
#include "parsers/event_record.h"

namespace routerate::bench {
namespace {

constexpr std::size_t kRoutesAService = 100;
constexpr std::size_t kPodsAService = 4;
constexpr std::size_t kEventsARecord = 200;
// As many digits as all offsets here.
constexpr std::int64_t kFirstOffset = 100'000'000'000;
constexpr std::int64_t kBytesASecond = 1'000'000'000;
constexpr std::int64_t kBytesALine = 300;

// A batch of one pod's lines, each of a route drawn at random.
struct Batch {
  std::string source;
  std::string value;
  struct Place {  // where in the value a line's digits begin
    std::size_t offset;
    std::size_t ts;
  };
  std::vector<Place> lines;
};

Batch MakeBatch(std::size_t service, std::mt19937_64& random, std::size_t routes) {
  Batch batch;
  batch.source =
      fmt::format("shops/shop-{}/shop-{}-{}", service, service, random() % kPodsAService);
  for (std::size_t i = 0; i < kEventsARecord; ++i) {
    const std::string path = fmt::format("/shop-{}/part-{}x/list", service, random() % routes);
    AccessEvent event;
    event.ts_ms = kBenchStart;
    event.method = "GET";
    event.host = "shop.example.com";
    event.path = path;
    event.query = "page=2&sort=price";
    event.status = random() % 50 == 0 ? 404 : 200;
    event.bytes = static_cast<std::int64_t>(random() % 20'000);
    event.duration_us = static_cast<std::int64_t>(500 + random() % 80'000);
    event.client = "192.168.7.31";
    event.referer = "https://shop.example.com/start";
    event.agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    const std::size_t begin = batch.value.size();
    AppendEvent(kFirstOffset, event, &batch.value);
    batch.lines.push_back({batch.value.find(':', begin) + 1, batch.value.find("ts", begin) + 4});
  }
  return batch;
}

class Traffic {
 public:
  Traffic(std::size_t series, std::uint64_t events)
      : intake_(options_, *RouteMatcher::Create({}, ""), clock_, source_, log_, 1) {
    const std::size_t routes = std::min(series, kRoutesAService);
    std::mt19937_64 random(series);
    const std::uint64_t records = std::max<std::uint64_t>(events / kEventsARecord, 1);
    batches_.reserve(records);
    for (std::uint64_t i = 0; i < records; ++i) {
      batches_.push_back(MakeBatch(random() % (series / routes), random, routes));
    }
    log_.Poll(intake_);
    intake_.OnAssigned(0);
  }

  std::uint64_t events() const { return batches_.size() * kEventsARecord; }
  std::uint64_t bytes() const {
    std::uint64_t bytes = 0;
    for (const Batch& batch : batches_) bytes += batch.value.size();
    return bytes;
  }

  Pass Second() {
    clock_.Tick();
    const std::uint64_t before = intake_.health().events;
    for (std::size_t i = 0; i < batches_.size(); ++i) {
      Bring(batches_[i], i);
      const auto part = static_cast<double>(i + 1) / static_cast<double>(batches_.size());
      FlushAt(clock_.Monotonic() + Millis{static_cast<int>(part * 1000)});
    }
    return {intake_.health().events - before, intake_.series_count()};
  }

 private:
  // As often as the program does it whose processor has nothing else to do.
  void FlushAt(Millis now) {
    if (!flushing_.Due(now)) return;
    const Millis begin = CpuTime();
    intake_.Flush();
    log_.Poll(intake_);
    flushing_.Done(now, now + (CpuTime() - begin));
  }
  static Millis CpuTime() { return Millis{std::clock() * 1000 / CLOCKS_PER_SEC}; }

  void Bring(Batch& batch, std::size_t number) {
    const std::string now = std::to_string(clock_.Wall());
    std::int64_t offset = kFirstOffset + clock_.second() * kBytesASecond +
                          static_cast<std::int64_t>(number * kEventsARecord) * kBytesALine;
    for (const Batch::Place& line : batch.lines) {
      std::to_chars(batch.value.data() + line.offset, batch.value.data() + line.ts, offset);
      now.copy(batch.value.data() + line.ts, now.size());
      offset += kBytesALine;
    }
    const std::pair<std::string_view, std::string_view> headers[] = {{"rr-version", "1"},
                                                                     {"rr-kind", "events"},
                                                                     {"rr-source", batch.source},
                                                                     {"rr-file", "1"},
                                                                     {"rr-watermark", now}};
    intake_.OnRecord({0, next_offset_++, clock_.Wall(), headers, batch.value});
  }

  AggregatorOptions options_;
  SecondsClock clock_;
  NoSource source_;
  CountsInMemory log_;
  RecordIntake intake_;
  std::vector<Batch> batches_;
  std::int64_t next_offset_ = 0;
  Pace flushing_{Millis{200}, Millis{1000}};
};

Workload Counting(std::string_view name, std::size_t series, std::uint64_t events) {
  const auto prepare = [series, events] {
    const auto traffic = std::make_shared<Traffic>(series, events);
    return PreparedWorkload{.lines = traffic->events(),
                            .bytes = traffic->bytes(),
                            .run = [traffic] { return traffic->Second(); }};
  };
  return {fmt::format("aggregator/{}", name), "aggregator/100-series",
          fmt::format("records of 200 events, {} series, counted, appended and read back", series),
          prepare};
}

}  // namespace

std::vector<Workload> AggregatorWorkloads(std::uint64_t events) {
  std::vector<Workload> all;
  all.reserve(3);
  all.push_back(Counting("100-series", 100, events));
  all.push_back(Counting("10k-series", 10'000, events));
  all.push_back(Counting("100k-series", 100'000, events));
  return all;
}

}  // namespace routerate::bench
