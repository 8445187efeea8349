// One walk over the namespace's services: each gives what of it is asked for, as a whole or by pod,
// and what belongs to one object is put together.
#include "aggregator/metric_subjects.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace routerate {
namespace {

constexpr std::string_view kEach = "*";

// The objects of a question by name.
using Subjects = std::map<std::string, MetricSubject, std::less<>>;

class SubjectSearch {
 public:
  SubjectSearch(const MetricQuestion& question, const StatsSnapshot& snapshot)
      : question_(question), snapshot_(snapshot), selection_(question.series) {
    if (question.resource == "namespaces" || question.resource.empty()) return;
    if (question.resource == "services" || question.resource == "pods") return;
    workload_ = question.resource + "/" + question.name;
  }

  std::expected<std::vector<MetricSubject>, ApiError> Run() {
    if (!selection_.UnknownKey().empty()) return NotFound(UnknownKey());
    const bool targeted = !workload_.empty() && AddTarget();
    for (const ServiceStats& service : snapshot_.services) {
      if (targeted || service.name_space != question_.name_space) continue;
      question_.resource == "pods" ? AddPods(service) : AddService(service);
    }
    if (refusal_) return std::unexpected(*std::move(refusal_));
    if (subjects_.empty()) return NotFound(NoObject());
    std::vector<MetricSubject> found;
    for (auto& [name, subject] : subjects_) {
      if (KeepAsked(&subject)) found.push_back(std::move(subject));
    }
    if (found.empty()) return NotFound(NoSeries());
    return found;
  }

 private:
  // True: a rule says that its requests are for the workload. Whatever its own logs say is then not
  // counted, for it would be the same requests again.
  bool AddTarget() {
    if (!snapshot_.rules->HasTarget(question_.name_space, workload_)) return false;
    for (const ServiceStats& service : snapshot_.services) {
      MetricFeed feed{&service, nullptr, {}};
      for (const SeriesStats& series : service.series) {
        if (!selection_.Wants(series)) continue;
        if (Feeds(service, series)) feed.series.push_back(&series);
      }
      if (!feed.series.empty()) Add(question_.name, std::move(feed));
    }
    return true;
  }

  bool Feeds(const ServiceStats& service, const SeriesStats& series) const {
    const RuleIndex::Named* rule = snapshot_.rules->FindNamed(series.rule_name);
    if (rule == nullptr || rule->target != workload_) return false;
    const std::string& of = rule->target_name_space;
    return (of.empty() ? service.name_space : of) == question_.name_space;
  }

  void AddService(const ServiceStats& service) {
    const bool named = question_.resource != "services" || question_.name == kEach ||
                       question_.name == service.service;
    if (!named || !selection_.Wants(service)) return;
    const std::string& name = question_.resource == "services" ? service.service : question_.name;
    if (service.state == ServiceState::kGone) {
      ++gone_;
      return;
    }
    if (workload_.empty() && !selection_.AsksForPods()) return Add(name, OfService(service));
    std::vector<const PodStats*> wanted;
    bool all = true;
    for (const PodStats& pod : service.pods) {
      if (pod.state == ServiceState::kGone) continue;
      const bool is = selection_.Wants(pod) && (workload_.empty() || pod.workload == workload_);
      is ? wanted.push_back(&pod) : void(all = false);
    }
    if (all && !wanted.empty()) return Add(name, OfService(service));
    for (const PodStats* pod : wanted) Add(name, OfPod(service, *pod));
  }

  void AddPods(const ServiceStats& service) {
    if (!selection_.Wants(service)) return;
    for (const PodStats& pod : service.pods) {
      if (question_.name != kEach && question_.name != pod.pod) continue;
      if (!selection_.Wants(pod) || !Selects(pod)) continue;
      pod.state == ServiceState::kGone ? void(++gone_) : Add(pod.pod, OfPod(service, pod));
    }
  }

  // By a pod's own labels.
  bool Selects(const PodStats& pod) {
    if (question_.objects.requirements.empty()) return true;
    if (!pod.labels) {
      ++without_labels_;
      return false;
    }
    return question_.objects.Matches([&](std::string_view key) -> std::optional<std::string_view> {
      const auto found = pod.labels->find(key);
      return found == pod.labels->end() ? std::nullopt
                                        : std::optional<std::string_view>(found->second);
    });
  }

  void Add(const std::string& name, MetricFeed feed) {
    MetricSubject& subject = subjects_[name];
    subject.name = name;
    subject.feeds.push_back(std::move(feed));
  }

  MetricFeed OfService(const ServiceStats& service) const {
    if (!selection_.AsksForSeries()) return {&service, nullptr, {&service.all}};
    return {&service, nullptr, Wanted(service.series)};
  }

  MetricFeed OfPod(const ServiceStats& service, const PodStats& pod) {
    if (!selection_.AsksForSeries()) return {&service, &pod, {&pod.all}};
    const auto ids = selection_.RouteIds();
    const auto named = [this](const std::string& id) {
      return snapshot_.rules->FindId(id) != nullptr;
    };
    if (!ids || !std::ranges::all_of(*ids, named)) {
      refusal_ = ApiError{404,
                          "a pod's requests are counted by route only for the routes of "
                          "routes.yaml: select them by route_id, or ask for a Service"};
    }
    return {&service, &pod, Wanted(pod.routes)};
  }

  std::vector<const SeriesStats*> Wanted(const std::vector<SeriesStats>& all) const {
    std::vector<const SeriesStats*> wanted;
    for (const SeriesStats& series : all) {
      if (selection_.Wants(series)) wanted.push_back(&series);
    }
    return wanted;
  }

  // Services that never had such a request have no say in it. False: none had, and it may be a
  // mistake.
  bool KeepAsked(MetricSubject* subject) const {
    const auto never = [](const MetricFeed& feed) { return feed.series.empty(); };
    if (!std::ranges::all_of(subject->feeds, never)) {
      std::erase_if(subject->feeds, never);
      return true;
    }
    const auto ids = selection_.RouteIds();
    const auto named = [this](const std::string& id) {
      return snapshot_.rules->FindId(id) != nullptr;
    };
    return ids ? std::ranges::any_of(*ids, named) : !selection_.DemandsSeries();
  }

  // What is not there may be among what was not read.
  std::unexpected<ApiError> NotFound(std::string message) const {
    if (!snapshot_.source.trouble.empty()) {
      return std::unexpected(
          ApiError{503, fmt::format("{}; kafka: {}", message, snapshot_.source.trouble)});
    }
    if (!snapshot_.was_caught_up || !snapshot_.partitions_behind.empty()) {
      return std::unexpected(
          ApiError{503, message + "; not all of Kafka's partitions are read to their end yet"});
    }
    return std::unexpected(ApiError{404, std::move(message)});
  }

  std::string What() const {
    return fmt::format(
        "the server could not find the metric {} for {}", question_.metric->name,
        question_.resource.empty()
            ? "namespace " + question_.name_space
            : fmt::format("{} {}/{}", question_.resource, question_.name_space, question_.name));
  }
  std::string UnknownKey() const {
    return fmt::format("{}: no request has the label {}; here are: {}", What(),
                       selection_.UnknownKey(), kSelectorKeys);
  }
  std::string NoObject() const {
    if (gone_ > 0) return What() + ": every pod said goodbye";
    if (without_labels_ > 0) {
      return fmt::format(
          "{}: {} pods tell no labels to select them by: set source.labels_file in "
          "their agents' configuration",
          What(), without_labels_);
    }
    if (!workload_.empty()) {
      return What() + (snapshot_.rules->HasTarget(question_.name_space, workload_)
                           ? ": no request of a route that feeds it was seen yet"
                           : ": no agent tells source.workload " + workload_ +
                                 ", and no route of routes.yaml has it as target");
    }
    return fmt::format("{}: no agent of such told of itself; known in namespace {}: {}", What(),
                       question_.name_space, KnownServices());
  }
  std::string NoSeries() const {
    return fmt::format(
        "{}: no request that the selector demands was seen, and routes.yaml names no "
        "such route_id; see /stats, columns route_id and method",
        What());
  }
  std::string KnownServices() const {
    constexpr std::size_t kMost = 5;
    std::string names;
    std::size_t count = 0;
    for (const ServiceStats& service : snapshot_.services) {
      if (service.name_space != question_.name_space || ++count > kMost) continue;
      names += (names.empty() ? "" : ", ") + service.service;
    }
    if (count > kMost) names += fmt::format(" and {} more", count - kMost);
    return names.empty() ? "none" : names;
  }

  const MetricQuestion& question_;
  const StatsSnapshot& snapshot_;
  MetricSelection selection_;
  std::string workload_;  // empty: the question is not about one
  Subjects subjects_;
  std::optional<ApiError> refusal_;
  std::size_t gone_ = 0;
  std::size_t without_labels_ = 0;
};

}  // namespace

std::expected<std::vector<MetricSubject>, ApiError> FindSubjects(const MetricQuestion& question,
                                                                 const StatsSnapshot& snapshot) {
  return SubjectSearch(question, snapshot).Run();
}

}  // namespace routerate
