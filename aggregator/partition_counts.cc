// Items are added one by one; what is left to do is to forget.
#include "aggregator/partition_counts.h"

namespace routerate {
namespace {

constexpr WallMs kForgetEveryMs = 10'000;

void TellService(const ServiceCounts& service, CountItemVisitor& visitor) {
  if (service.known_since_ms()) visitor.OnKnownSince(*service.known_since_ms());
  if (service.delays().Total() > 0) visitor.OnDelays(service.delays());
  for (const auto& [pod, source] : service.sources()) visitor.OnSource(pod, source);
  for (const auto& [pod, known] : service.descriptions()) visitor.OnPod(pod, known.told);
  for (const auto& [key, counts] : service.series()) visitor.OnSeries(key, counts);
  for (const auto& [pod, series] : service.pods()) {
    for (const auto& [key, counts] : series) visitor.OnPodSeries(pod, key, counts);
  }
  if (service.other() != nullptr) visitor.OnOther(*service.other());
  if (service.retired() != nullptr) visitor.OnRetired(*service.retired());
}

}  // namespace

const ServiceCounts* PartitionCounts::ServiceOf(std::string_view service) const {
  const auto found = services_.find(service);
  return found == services_.end() ? nullptr : found->second.get();
}

const SourceState* PartitionCounts::SourceOf(std::string_view service, std::string_view pod) const {
  const ServiceCounts* counts = ServiceOf(service);
  if (counts == nullptr) return nullptr;
  const auto found = counts->sources().find(pod);
  return found == counts->sources().end() ? nullptr : &found->second;
}

const PodDescription* PartitionCounts::DescriptionOf(std::string_view service,
                                                     std::string_view pod) const {
  const ServiceCounts* counts = ServiceOf(service);
  if (counts == nullptr) return nullptr;
  const auto found = counts->descriptions().find(pod);
  return found == counts->descriptions().end() ? nullptr : &found->second.told;
}

void PartitionCounts::OnLogTime(WallMs newest_ms, WallMs forgotten_ms) {
  marks_.Touch(newest_ms);
  forgotten_ms_ = std::max(forgotten_ms_, forgotten_ms);
}

void PartitionCounts::OnMark(std::string_view key, const HighWaterMarks::Mark& mark) {
  marks_.Set(key, mark);
}

void PartitionCounts::OnService(std::string_view name) {
  auto found = services_.find(name);
  if (found == services_.end()) {
    found = services_.emplace(name, std::make_unique<ServiceCounts>(limits_)).first;
  }
  service_ = found->second.get();
}

void PartitionCounts::OnSource(std::string_view pod, const SourceState& source) {
  SourceState heard = source;
  heard.heard_ms = HeardAt(source.heard_ms);
  if (service_->SetSource(pod, heard)) ++source_count_;
}

void PartitionCounts::OnSeries(const SeriesKeyView& key, const SeriesCounts& counts) {
  Add(service_->Add(key, counts, HeardAt(counts.heard_ms)));
}

void PartitionCounts::OnOther(const SeriesCounts& counts) { Add(service_->AddOther(counts)); }

void PartitionCounts::Add(const ServiceCounts::Added& added) {
  health_.too_old += added.too_old;
  health_.overflow += added.overflow;
}

void PartitionCounts::ExcuseSilence(Millis time) {
  for (auto& [name, service] : services_) service->ExcuseSilence(time);
}

void PartitionCounts::Forget(WallMs now) {
  if (now / kForgetEveryMs <= forgotten_ms_ / kForgetEveryMs) return;
  forgotten_ms_ = now;
  service_ = nullptr;
  marks_.Expire();
  std::erase_if(services_, [&](auto& entry) {
    ServiceCounts& service = *entry.second;
    source_count_ -= service.ForgetSources(now - options_.forget_after.count());
    service.ForgetSeries(now - options_.forget_routes_after.count());
    return service.sources().empty();
  });
}

void PartitionCounts::Tell(CountItemVisitor& visitor) const {
  visitor.OnLogTime(marks_.newest_ms(), forgotten_ms_);
  for (const auto& [key, mark] : marks_.all()) visitor.OnMark(key, mark);
  for (const auto& [name, service] : services_) {
    visitor.OnService(name);
    TellService(*service, visitor);
  }
}

}  // namespace routerate
