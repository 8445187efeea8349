// Quiet when all is well; what goes wrong is told at once, then at most every half minute.
#include "aggregator/aggregator.h"

#include <spdlog/spdlog.h>

#include <random>
#include <utility>

#include "aggregator/snapshot_builder.h"
#include "aggregator/target_stats.h"
#include "parsers/route_names.h"

namespace routerate {
namespace {

constexpr Millis kTellInterval{30'000};

std::uint64_t RandomWriter() {
  std::random_device random;
  return std::uint64_t{random()} << 32 | random();
}

}  // namespace

Aggregator::Aggregator(const AggregatorOptions& options, RouteMatcher routes, const Clock& clock,
                       RecordSource& source, CountsLog& log, StatsBoard& board)
    : options_(options),
      clock_(clock),
      source_(source),
      log_(log),
      board_(board),
      rules_(std::make_shared<const RuleIndex>(routes)),
      intake_(options, std::move(routes), clock, source, log, RandomWriter()) {
  Publish();
}

void Aggregator::Step(Millis timeout) {
  ReadCounts();
  source_.Poll(timeout, intake_);
  if (const Millis begin = clock_.Monotonic(); flushing_.Due(begin)) {
    intake_.Flush();
    const Millis flushed = clock_.Monotonic();
    ReadCounts();
    flushing_.Done(begin, flushed + std::exchange(reading_, Millis{0}));
  }
  if (const Millis begin = clock_.Monotonic(); publishing_.Due(begin)) {
    Publish();
    TellRejections();
    publishing_.Done(begin, clock_.Monotonic());
  }
}

void Aggregator::ReadCounts() {
  const Millis begin = clock_.Monotonic();
  log_.Poll(intake_);
  reading_ += clock_.Monotonic() - begin;
}

void Aggregator::Publish() {
  auto snapshot = std::make_shared<StatsSnapshot>();
  snapshot->made_at_ms = clock_.Wall();
  snapshot->made_at_monotonic = clock_.Monotonic();
  const LogReading reading = intake_.Behind() ? LogReading::kBehind : LogReading::kCaughtUp;
  snapshot->rules = rules_;
  snapshot->services =
      BuildServiceStats(intake_.partitions(), reading, options_, *rules_, snapshot->made_at_ms);
  snapshot->targets = MakeTargets(*rules_, snapshot->services);
  snapshot->health = intake_.health();
  snapshot->series_count = intake_.series_count();
  snapshot->pod_series_count = intake_.pod_series_count();
  snapshot->source = source_.Status();
  snapshot->partitions_behind = intake_.PartitionsBehind();
  was_caught_up_ = was_caught_up_ || (snapshot->source.joined && !intake_.Behind());
  if (snapshot->source.trouble.empty()) snapshot->source.trouble = log_.Trouble();
  snapshot->was_caught_up = was_caught_up_;
  TellTrouble(snapshot->source.trouble);
  TellOverflow(*snapshot);
  board_.Publish(std::move(snapshot));
}

void Aggregator::TellTrouble(const std::string& trouble) {
  if (trouble.empty()) {
    if (std::exchange(in_trouble_, false)) spdlog::info("kafka: all is well again");
    return;
  }
  const Millis now = clock_.Monotonic();
  if (in_trouble_ && now < next_trouble_) return;
  in_trouble_ = true;
  next_trouble_ = now + kTellInterval;
  spdlog::warn("kafka: {}; trying again", trouble);
}

void Aggregator::TellRejections() {
  const std::uint64_t rejections = intake_.health().RecordsRejected();
  const Millis now = clock_.Monotonic();
  if (rejections == rejections_told_ || now < next_rejections_) return;
  spdlog::warn("{} records skipped, the last: {}", rejections - rejections_told_,
               intake_.last_rejection());
  rejections_told_ = rejections;
  next_rejections_ = now + kTellInterval;
}

void Aggregator::TellOverflow(const StatsSnapshot& snapshot) {
  std::uint64_t requests = 0;
  const ServiceStats* last = nullptr;
  for (const ServiceStats& service : snapshot.services) {
    for (const SeriesStats& series : service.series) {
      if (series.route_id != kOtherRouteId) continue;
      requests += series.total;
      last = &service;
    }
  }
  // Fewer than before: a partition went, and took what it had counted along.
  const std::uint64_t told = std::exchange(overflow_told_, requests);
  const Millis now = clock_.Monotonic();
  if (requests <= told || now < next_overflow_) return;
  spdlog::warn(
      "{} requests so far count as route {}, of {}/{} among others: over max_routes ({}) "
      "of a service or max_series ({}); give them rules in routes.yaml",
      requests, kOtherRoute, last->name_space, last->service, options_.max_routes,
      options_.max_series);
  next_overflow_ = now + kTellInterval;
}

}  // namespace routerate
