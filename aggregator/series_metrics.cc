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

// The samples of one family, one series after the other.
class FamilySamples {
 public:
  FamilySamples(std::string_view family, std::string* out) : family_(family), out_(out) {}

  void Begin(const ServiceStats& service, const SeriesStats& series) {
    labels_.clear();
    AppendLabel("namespace", service.name_space, &labels_);
    AppendLabel("service", service.service, &labels_);
    AppendLabel("route", series.route, &labels_);
    AppendLabel("route_id", series.route_id, &labels_);
    AppendLabel("method", series.method, &labels_);
  }

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
  std::string labels_;
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
  std::string_view name;
  std::string_view help;
  std::string_view type;
  void (*add)(const SeriesStats&, FamilySamples&);
};

constexpr std::array<Family, 4> kFamilies = {{
    {"routerate_http_requests_total", "Requests counted.", "counter", AddRequests},
    {"routerate_http_requests_per_second",
     "Rate of requests over a window of event time; absent when not known.", "gauge", AddRates},
    {"routerate_http_request_duration_seconds", "Time to serve, of requests whose log tells it.",
     "histogram", AddLatency},
    {"routerate_http_response_bytes_total", "Bytes of response bodies.", "counter", AddBytes},
}};

void AppendFamily(const Family& family, const StatsSnapshot& snapshot, std::string* out) {
  const std::size_t before = out->size();
  fmt::format_to(std::back_inserter(*out), "# HELP {} {}\n# TYPE {} {}\n", family.name, family.help,
                 family.name, family.type);
  const std::size_t header = out->size();
  FamilySamples samples(family.name, out);
  for (const ServiceStats& service : snapshot.services) {
    for (const SeriesStats& series : service.series) {
      samples.Begin(service, series);
      family.add(series, samples);
    }
  }
  // It would be a header without a line.
  if (out->size() == header) out->resize(before);
}

// Too much rather than too little: what is not written to is no memory yet, and a text that grows
// is copied.
std::size_t RoomFor(const StatsSnapshot& snapshot) {
  constexpr std::size_t kMostSamples =
      2 * kCodeClassCount + kWindows.size() + LatencyHistogram::kBounds.size() + 3;
  constexpr std::size_t kAroundLabels = 128;  // characters of a line
  std::size_t room = 0;
  for (const ServiceStats& service : snapshot.services) {
    const std::size_t names = service.name_space.size() + service.service.size() + kAroundLabels;
    for (const SeriesStats& series : service.series) {
      const std::size_t line =
          names + series.route.size() + series.route_id.size() + series.method.size();
      room += kMostSamples * line;
    }
  }
  return room;
}

}  // namespace

void AppendSeriesMetrics(const StatsSnapshot& snapshot, std::string* out) {
  out->reserve(out->size() + RoomFor(snapshot));
  for (const Family& family : kFamilies) AppendFamily(family, snapshot, out);
}

}  // namespace routerate
