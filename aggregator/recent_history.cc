// A step is a sorted table of those series that there is something to tell of.
#include "aggregator/recent_history.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace routerate {
namespace {

// Rounded, not cut: a float's upper half. No value is not a number.
std::uint16_t ToHalf(const std::optional<double>& value) {
  constexpr std::uint32_t kHalfOfLast = 0x8000;
  const float number = value ? static_cast<float>(*value) : std::numeric_limits<float>::quiet_NaN();
  const auto bits = std::bit_cast<std::uint32_t>(number);
  return static_cast<std::uint16_t>((std::isfinite(number) ? bits + kHalfOfLast : bits) >> 16);
}

std::optional<double> FromHalf(std::uint16_t half) {
  const auto number = std::bit_cast<float>(std::uint32_t{half} << 16);
  return std::isfinite(number) ? std::optional<double>(number) : std::nullopt;
}

// With the length of each text, so that no two sets of texts are the same bytes.
std::uint64_t HashOf(std::initializer_list<std::string_view> texts) {
  std::uint64_t hash = 0;
  for (const std::string_view text : texts) {
    hash = XXH3_64bits_withSeed(text.data(), text.size(), hash + text.size());
  }
  return hash;
}

// What a series that is not found in a step had: so it needs no place there.
std::optional<double> Usual(const ServiceStats& service) {
  return service.state == ServiceState::kKnown ? std::optional(0.0) : std::nullopt;
}

}  // namespace

std::uint64_t RecentHistory::ServiceHash(const ServiceStats& service) {
  return HashOf({service.name_space, service.service});
}

std::uint64_t RecentHistory::SeriesHash(const ServiceStats& service, const SeriesStats& series) {
  return HashOf(
      {service.name_space, service.service, series.route, series.route_id, series.method});
}

RecentHistory::Entry RecentHistory::EntryOf(const ServiceStats& service,
                                            const SeriesStats& series) {
  const auto p95 = series.quantiles ? std::optional(series.quantiles->p95_ms) : std::nullopt;
  return {SeriesHash(service, series), ToHalf(series.requests_per_second[kMinuteWindow]),
          ToHalf(series.ErrorsPerSecond(kMinuteWindow)), ToHalf(p95)};
}

RecentHistory::Step RecentHistory::StepOf(const StatsSnapshot& snapshot,
                                          std::int64_t number) const {
  Step step{number, {}, {}};
  const auto add = [&](const ServiceStats& service, const SeriesStats& series) {
    if (series.requests_per_second[kMinuteWindow] == Usual(service)) return;
    step.entries.push_back(EntryOf(service, series));
  };
  for (const ServiceStats& service : snapshot.services) {
    if (Usual(service)) step.known_services.push_back(ServiceHash(service));
    add(service, service.all);
    for (const SeriesStats& series : service.series) add(service, series);
  }
  if (step.entries.size() > most_series_) {
    step.complete = false;
    std::ranges::nth_element(
        step.entries, step.entries.begin() + static_cast<long>(most_series_), std::greater{},
        [](const Entry& entry) { return FromHalf(entry.requests_per_second).value_or(0); });
    step.entries.resize(most_series_);
  }
  step.entries.shrink_to_fit();
  std::ranges::sort(step.entries, {}, &Entry::series);
  std::ranges::sort(step.known_services);
  return step;
}

void RecentHistory::Sample(const StatsSnapshot& snapshot) {
  const std::int64_t number = snapshot.made_at_ms / kStep.count();
  const std::int64_t last = last_step();
  if (number == last || snapshot.made_at_ms == 0) return;
  Step step = StepOf(snapshot, number);
  const std::lock_guard lock(mutex_);
  if (number < last) steps_.clear();
  steps_.push_back(std::move(step));
  while (steps_.front().number <= number - static_cast<std::int64_t>(kPoints)) steps_.pop_front();
}

std::int64_t RecentHistory::last_step() const {
  const std::lock_guard lock(mutex_);
  return steps_.empty() ? 0 : steps_.back().number;
}

HistoryPoint RecentHistory::PointOf(const Step& step, std::uint64_t service, std::uint64_t series) {
  const auto found = std::ranges::lower_bound(step.entries, series, {}, &Entry::series);
  if (found != step.entries.end() && found->series == series) {
    return {FromHalf(found->requests_per_second), FromHalf(found->errors_per_second),
            FromHalf(found->p95_ms)};
  }
  const bool known = std::ranges::binary_search(step.known_services, service);
  return known && step.complete ? HistoryPoint{0.0, 0.0, {}} : HistoryPoint{};
}

std::vector<HistoryPoint> RecentHistory::Of(const StatsRow& row, std::int64_t last_step) const {
  std::vector<HistoryPoint> points(kPoints);
  const std::uint64_t service = ServiceHash(*row.service);
  const std::uint64_t series = SeriesHash(*row.service, *row.series);
  const std::lock_guard lock(mutex_);
  for (const Step& step : steps_) {
    const std::int64_t back = last_step - step.number;
    if (back < 0 || back >= static_cast<std::int64_t>(kPoints)) continue;
    points[kPoints - 1 - static_cast<std::size_t>(back)] = PointOf(step, service, series);
  }
  return points;
}

}  // namespace routerate
