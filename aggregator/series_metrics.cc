// Written at once: prometheus-cpp first wants an object with strings for every label of every
// sample (docs/decisions.md). Totals carry the code class; rates and latencies do not, for that
// would make five times as many series out of numbers that an HPA sums again.
#include "aggregator/series_metrics.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <vector>

namespace routerate {
namespace {

constexpr double kMicrosPerSecond = 1e6;

void AppendValue(std::uint64_t value, std::string* out) {
  const fmt::format_int digits(value);
  out->append(digits.data(), digits.size());
}

// With 16 digits, and no zeros behind.
void AppendValue(double value, std::string* out) {
  constexpr double kShort = 1e15;
  if (value >= 0 && value < kShort && value == std::floor(value)) {
    AppendValue(static_cast<std::uint64_t>(value), out);
  } else {
    fmt::format_to(std::back_inserter(*out), "{:.16g}", value);
  }
}

void AppendLabel(std::string_view name, std::string_view value, std::string* out) {
  if (!out->empty()) *out += ',';
  *out += name;
  *out += "=\"";
  for (const char c : value) {
    if (c == '\\' || c == '"' || c == '\n') *out += '\\';
    *out += c == '\n' ? 'n' : c;
  }
  *out += '"';
}

// A label that not all samples of a series share. Its value needs no escapes.
struct OwnLabel {
  std::string_view name;
  std::string_view value;
};

// What families have samples of.
enum class Subject { kSeries, kService, kPod, kWorkload };

// All series of one subject, each with its labels as text: made once for all families.
class LabelledSeries {
 public:
  void Begin(const ServiceStats& service) {
    labels_.clear();
    Label("namespace", service.name_space);
    Label("service", service.service);
  }
  void Label(std::string_view name, std::string_view value) { AppendLabel(name, value, &labels_); }
  // Label() behind it is of the next one, which begins with the first `size` bytes of this.
  std::size_t size() const { return labels_.size(); }
  void End(const SeriesStats& series, std::size_t size) {
    entries_.push_back({&series, texts_.size(), labels_.size()});
    texts_ += labels_;
    labels_.resize(size);
  }

  struct Entry {
    const SeriesStats* series;
    std::size_t begin;  // of its labels in all texts
    std::size_t size;
  };
  const std::vector<Entry>& entries() const { return entries_; }
  std::string_view LabelsOf(const Entry& entry) const {
    return std::string_view(texts_).substr(entry.begin, entry.size);
  }
  std::size_t bytes() const { return texts_.size(); }

 private:
  std::string labels_;
  std::string texts_;
  std::vector<Entry> entries_;
};

// Appends what tells a route's series from others of its service or pod.
void LabelRoute(const SeriesStats& series, LabelledSeries* out) {
  out->Label("route_id", series.route_id);
  out->Label("method", series.method);
  if (!series.host.empty()) out->Label("host", series.host);
}

void AddSeries(const ServiceStats& service, LabelledSeries* out) {
  out->Begin(service);
  const std::size_t size = out->size();
  for (const SeriesStats& series : service.series) {
    out->Label("route", series.route);
    LabelRoute(series, out);
    out->End(series, size);
  }
}

void AddService(const ServiceStats& service, LabelledSeries* out) {
  out->Begin(service);
  out->End(service.all, out->size());
}

void AddPods(const ServiceStats& service, PodMetrics pods, LabelledSeries* out) {
  out->Begin(service);
  const std::size_t of_service = out->size();
  for (const PodStats& pod : service.pods) {
    out->Label("pod", pod.pod);
    if (!pod.workload.empty()) out->Label("workload", pod.workload);
    const std::size_t of_pod = out->size();
    const bool routes = pods == PodMetrics::kAll && !pod.routes.empty();
    LabelRoute(pod.all, out);
    out->End(pod.all, routes ? of_pod : of_service);
    for (std::size_t i = 0; routes && i < pod.routes.size(); ++i) {
      LabelRoute(pod.routes[i], out);
      out->End(pod.routes[i], i + 1 < pod.routes.size() ? of_pod : of_service);
    }
  }
}

void AddWorkloads(const ServiceStats& service, LabelledSeries* out) {
  out->Begin(service);
  const std::size_t of_service = out->size();
  for (const WorkloadStats& workload : service.workloads) {
    const std::string_view name = workload.workload;
    const std::size_t slash = name.find('/');
    out->Label("workload_resource", name.substr(0, slash));
    out->Label("workload_name", name.substr(slash + 1));
    out->End(workload.all, of_service);
  }
}

LabelledSeries SeriesOf(const StatsSnapshot& snapshot, Subject subject, PodMetrics pods) {
  LabelledSeries all;
  for (const ServiceStats& service : snapshot.services) {
    if (subject == Subject::kSeries) AddSeries(service, &all);
    if (subject == Subject::kService) AddService(service, &all);
    if (subject == Subject::kPod && pods != PodMetrics::kNone) AddPods(service, pods, &all);
    if (subject == Subject::kWorkload) AddWorkloads(service, &all);
  }
  return all;
}

// The samples of one family, one series after the other.
class FamilySamples {
 public:
  FamilySamples(std::string_view family, std::string* out) : family_(family), out_(out) {}

  // Borrows them.
  void Begin(std::string_view labels) { labels_ = labels; }

  template <typename Value>
  void Add(std::string_view suffix, OwnLabel own, Value value) {
    Append({family_, suffix, "{", labels_});
    if (!own.name.empty()) Append({",", own.name, "=\"", own.value, "\""});
    Append({"} "});
    AppendValue(value, out_);
    Append({"\n"});
  }

 private:
  void Append(std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) *out_ += part;
  }

  std::string_view family_;
  std::string_view labels_;
  std::string* out_;
};

// Classes that never occurred are left out.
void AddByClass(const PerCodeClass& requests, const PerCodeClass& values, FamilySamples& samples) {
  for (std::size_t i = 0; i < kCodeClassCount; ++i) {
    if (requests[i] == 0) continue;
    samples.Add("", {"code", CodeClassName(i)}, static_cast<double>(values[i]));
  }
}

void AddRequests(const SeriesStats& series, FamilySamples& samples) {
  AddByClass(series.requests, series.requests, samples);
}

void AddRates(const SeriesStats& series, FamilySamples& samples) {
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    if (!series.requests_per_second[i]) continue;
    samples.Add("", {"window", kWindows[i].name}, *series.requests_per_second[i]);
  }
}

void AddErrors(const SeriesStats& series, FamilySamples& samples) {
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    const auto errors = series.ErrorsPerSecond(i);
    if (errors) samples.Add("", {"window", kWindows[i].name}, *errors);
  }
}

void AddP95(const SeriesStats& series, FamilySamples& samples) {
  constexpr double kMillisPerSecond = 1000;
  if (series.quantiles) samples.Add("", {}, series.quantiles->p95_ms / kMillisPerSecond);
}

// Upper bounds in seconds.
std::array<std::string, LatencyHistogram::kBounds.size() + 1> Bounds() {
  std::array<std::string, LatencyHistogram::kBounds.size() + 1> bounds;
  for (std::size_t i = 0; i < LatencyHistogram::kBounds.size(); ++i) {
    AppendValue(static_cast<double>(LatencyHistogram::kBounds[i]) / kMicrosPerSecond, &bounds[i]);
  }
  bounds.back() = "+Inf";
  return bounds;
}

void AddLatency(const SeriesStats& series, FamilySamples& samples) {
  static const auto kBounds = Bounds();
  const LatencyHistogram& latency = series.latency;
  if (latency.count == 0) return;
  samples.Add("_count", {}, latency.count);
  samples.Add("_sum", {}, static_cast<double>(latency.sum_us) / kMicrosPerSecond);
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < latency.counts.size(); ++i) {
    cumulative += latency.counts[i];
    samples.Add("_bucket", {"le", kBounds[i]}, cumulative);
  }
}

void AddBytes(const SeriesStats& series, FamilySamples& samples) {
  AddByClass(series.requests, series.bytes, samples);
}

struct Family {
  Subject subject;
  std::string_view name;
  std::string_view help;
  std::string_view type;
  void (*add)(const SeriesStats&, FamilySamples&);
};

constexpr std::array<Family, 11> kFamilies = {{
    {Subject::kSeries, "routerate_http_requests_total", "Requests counted.", "counter",
     AddRequests},
    {Subject::kSeries, "routerate_http_requests_per_second",
     "Rate of requests over a window of event time; absent when not known.", "gauge", AddRates},
    {Subject::kSeries, "routerate_http_errors_per_second",
     "Rate of requests with code 5xx, likewise.", "gauge", AddErrors},
    {Subject::kSeries, "routerate_http_request_duration_p95_seconds",
     "Time to serve that 95 of 100 requests of the last minute did not exceed; absent when not "
     "known, or without requests.",
     "gauge", AddP95},
    {Subject::kSeries, "routerate_http_request_duration_seconds",
     "Time to serve, of requests whose log tells it.", "histogram", AddLatency},
    {Subject::kSeries, "routerate_http_response_bytes_total", "Bytes of response bodies.",
     "counter", AddBytes},
    {Subject::kService, "routerate_service_http_requests_per_second",
     "Rate of all requests of a service; absent when not known.", "gauge", AddRates},
    {Subject::kService, "routerate_service_http_errors_per_second",
     "Rate of a service's requests with code 5xx, likewise.", "gauge", AddErrors},
    {Subject::kService, "routerate_service_http_request_duration_p95_seconds",
     "As of a series, of all requests of a service.", "gauge", AddP95},
    {Subject::kPod, "routerate_pod_http_requests_per_second",
     "Rate of a pod's requests: without route_id of all, else of a route that routes.yaml names; "
     "absent when not known.",
     "gauge", AddRates},
    {Subject::kWorkload, "routerate_workload_http_requests_per_second",
     "Rate of the requests that a workload's pods have, in the logs of one service; absent when "
     "not known.",
     "gauge", AddRates},
}};

void AppendFamily(const Family& family, const LabelledSeries& all, std::string* out) {
  const std::size_t before = out->size();
  fmt::format_to(std::back_inserter(*out), "# HELP {} {}\n# TYPE {} {}\n", family.name, family.help,
                 family.name, family.type);
  const std::size_t header = out->size();
  FamilySamples samples(family.name, out);
  for (const LabelledSeries::Entry& entry : all.entries()) {
    samples.Begin(all.LabelsOf(entry));
    family.add(*entry.series, samples);
  }
  // It would be a header without a line.
  if (out->size() == header) out->resize(before);
}

// Too much rather than too little: what is not written to is no memory yet, and a text that grows
// is copied.
std::size_t RoomFor(const LabelledSeries& all, Subject subject) {
  constexpr std::size_t kMostSamples =
      2 * kCodeClassCount + 2 * kWindows.size() + 1 + LatencyHistogram::kBounds.size() + 3;
  constexpr std::size_t kMostRates = 2 * kWindows.size() + 1;
  constexpr std::size_t kAroundLabels = 128;  // characters of a line
  const std::size_t samples = subject == Subject::kSeries ? kMostSamples : kMostRates;
  return samples * (all.bytes() + kAroundLabels * all.entries().size());
}

}  // namespace

void AppendSeriesMetrics(const StatsSnapshot& snapshot, PodMetrics pods, std::string* out) {
  for (const Subject subject :
       {Subject::kSeries, Subject::kService, Subject::kPod, Subject::kWorkload}) {
    const LabelledSeries all = SeriesOf(snapshot, subject, pods);
    out->reserve(out->size() + RoomFor(all, subject));
    for (const Family& family : kFamilies) {
      if (family.subject == subject) AppendFamily(family, all, out);
    }
  }
}

}  // namespace routerate
