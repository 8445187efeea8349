// All workloads of one number of series share one aggregator, for a hundred thousand busy ones are
// gigabytes.
#include "bench/snapshot_workloads.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "aggregator/metrics_api.h"
#include "aggregator/stats_metrics.h"
#include "aggregator/stats_query.h"
#include "aggregator/stats_text.h"
#include "base/check.h"
#include "bench/known_series.h"

namespace routerate::bench {
namespace {

constexpr std::size_t kQuestions = 100;  // a pass

struct Known {
  std::vector<std::string> records;
  KnownSeries series;
  StatsSnapshot snapshot;  // the newest
  AggregatorOptions options;
  MetricsApi api;

  Known(SeriesKind kind, std::size_t count)
      : records(CountRecordsOf(kind, count)),
        series(records),
        snapshot(series.Snapshot()),
        api(options, [this] {
          return std::shared_ptr<const StatsSnapshot>(std::shared_ptr<void>(), &snapshot);
        }) {}

  std::size_t RecordBytes() const {
    std::size_t bytes = 0;
    for (const std::string& record : records) bytes += record.size();
    return bytes;
  }
};

// Made when the first workload wants it.
class KnownOnce {
 public:
  KnownOnce(SeriesKind kind, std::size_t count) : kind_(kind), count_(count) {}
  std::shared_ptr<Known> Get() {
    auto known = known_.lock();
    if (known == nullptr) known_ = known = std::make_shared<Known>(kind_, count_);
    return known;
  }
  std::size_t count() const { return count_; }

 private:
  SeriesKind kind_;
  std::size_t count_;
  std::weak_ptr<Known> known_;
};

Pass Snapshot(Known& known) {
  known.snapshot = known.series.Snapshot();
  Pass pass;
  for (const ServiceStats& service : known.snapshot.services) {
    for (const SeriesStats& series : service.series) {
      // Every window must have had its value, or less was done than is measured.
      pass.understood += series.requests_per_second.back().has_value() ? 1U : 0U;
      pass.checksum += series.total;
    }
  }
  return pass;
}

Pass Stats(const Known& known, const std::map<std::string, std::string>& query) {
  const auto parsed = StatsQuery::Parse(query);
  RR_CHECK(parsed.has_value());
  return {known.series.count(), StatsText(parsed->Rows(known.snapshot)).size()};
}

Pass StatsAll(Known& known) { return Stats(known, {}); }
Pass StatsFifty(Known& known) { return Stats(known, {{"limit", "50"}}); }

Pass Metrics(Known& known) {
  return {known.series.count(), StatsMetrics(known.snapshot, PodMetrics::kAll).size()};
}

Pass ColdStart(Known& known) {
  const KnownSeries again(known.records);
  return {again.count(), again.count()};
}

// Each of another series. A question that is not answered with a value is not understood.
Pass Ask(const Known& known, const std::string& path, const std::string& selects) {
  Pass pass;
  for (std::size_t i = 0; i < kQuestions; ++i) {
    const ServiceStats& service =
        known.snapshot.services[i * 7919 % known.snapshot.services.size()];
    const SeriesStats& series = service.series[i % service.series.size()];
    HttpRequest request;
    request.path = fmt::format(fmt::runtime(path), service.service);
    request.query[selects] = "route_id=" + series.route_id;
    const HttpResponse response = known.api.Answer(request);
    pass.understood += response.status == 200 ? 1U : 0U;
    pass.checksum += response.body.size();
  }
  return pass;
}

Pass AskService(Known& known) {
  return Ask(known,
             "/apis/custom.metrics.k8s.io/v1beta2/namespaces/shops/services/{}/"
             "http_requests_per_second",
             "metricLabelSelector");
}
Pass AskNamespace(Known& known) {
  return Ask(known,
             "/apis/external.metrics.k8s.io/v1beta1/namespaces/shops/http_requests_per_second",
             "labelSelector");
}

using Step = Pass (*)(Known&);

bool Asks(Step run) { return run == AskService || run == AskNamespace; }

Workload Of(std::string_view step, std::string_view size, std::shared_ptr<KnownOnce> once,
            std::string_view what, Step run) {
  std::string name = fmt::format("aggregator/{}-{}", step, size);
  std::string about = fmt::format("{}; {} series", what, once->count());
  const auto prepare = [once = std::move(once), run] {
    const auto known = once->Get();
    return PreparedWorkload{.lines = Asks(run) ? kQuestions : once->count(),
                            .bytes = run == ColdStart ? known->RecordBytes() : 0,
                            .run = [known, run] { return run(*known); }};
  };
  return {std::move(name), fmt::format("aggregator/{}-100", step), std::move(about), prepare};
}

}  // namespace

std::vector<Workload> SnapshotWorkloads(std::size_t most_series) {
  constexpr std::pair<std::string_view, std::size_t> kSizes[] = {
      {"100", 100}, {"10k", 10'000}, {"100k", 100'000}};
  std::vector<Workload> all;
  for (const auto& [size, count] : kSizes) {
    const std::size_t series = std::min(count, most_series);
    const auto busy = std::make_shared<KnownOnce>(SeriesKind::kBusy, series);
    const auto idle = std::make_shared<KnownOnce>(SeriesKind::kIdle, series);
    all.push_back(Of("snapshot", size, busy, "busy series into a snapshot", Snapshot));
    all.push_back(Of("snapshot-idle", size, idle, "idle series into a snapshot", Snapshot));
    all.push_back(Of("stats", size, busy, "/stats, all rows as text", StatsAll));
    all.push_back(Of("stats-limit-50", size, busy, "/stats?limit=50", StatsFifty));
    all.push_back(Of("metrics", size, busy, "/metrics", Metrics));
    all.push_back(Of("cold-start", size, busy, "a snapshot in the counts log read", ColdStart));
    all.push_back(Of("question-service", size, busy, "a route's rate, of a Service", AskService));
    all.push_back(
        Of("question-namespace", size, busy, "a route's rate, of all services", AskNamespace));
  }
  return all;
}

}  // namespace routerate::bench
