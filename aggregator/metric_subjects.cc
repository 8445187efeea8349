// One walk over the namespace's services: each gives what of it is asked for, as a whole or by pod,
// and what belongs to one object is put together.
#include "aggregator/metric_subjects.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "aggregator/metric_absence.h"

namespace routerate {
namespace {

constexpr std::string_view kEach = "*";

// The objects of a question by name.
using Subjects = std::map<std::string, MetricSubject, std::less<>>;

class SubjectSearch {
 public:
  SubjectSearch(const MetricQuestion& question, const StatsSnapshot& snapshot)
      : question_(question),
        snapshot_(snapshot),
        selection_(question.series),
        absence_(question, snapshot) {
    if (question.resource == "namespaces" || question.resource.empty()) return;
    if (question.resource == "services" || question.resource == "pods") return;
    workload_ = question.resource + "/" + question.name;
    absence_.workload = workload_;
  }

  std::expected<std::vector<MetricSubject>, ApiError> Run() {
    if (!selection_.UnknownKey().empty()) return absence_.OfLabel(selection_.UnknownKey());
    const bool targeted = !workload_.empty() && AddTarget();
    for (const ServiceStats& service : snapshot_.services) {
      if (targeted || service.name_space != question_.name_space) continue;
      question_.resource == "pods" ? AddPods(service) : AddService(service);
    }
    if (refusal_) return std::unexpected(*std::move(refusal_));
    if (subjects_.empty()) return absence_.OfObject();
    std::vector<MetricSubject> found;
    for (auto& [name, subject] : subjects_) {
      if (KeepAsked(&subject)) found.push_back(std::move(subject));
    }
    if (found.empty()) return absence_.OfSeries();
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
        const bool wanted = selection_.Wants(series) && Feeds(service, series);
        if (wanted) feed.series.push_back(&series);
      }
      if (feed.series.empty()) continue;
      service.state == ServiceState::kGone ? void(++absence_.gone)
                                           : Add(question_.name, std::move(feed));
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
      ++absence_.gone;
      return;
    }
    const bool whole = workload_.empty() && !selection_.AsksForWorkloads();
    if (whole || AllWanted(service)) return Add(name, OfService(service));
    for (const WorkloadStats& workload : service.workloads) {
      if (!Wants(workload.workload)) continue;
      Add(name, {&service, nullptr, WantedOf(workload.all, workload.routes)});
    }
  }

  bool Wants(std::string_view workload) const {
    return (workload_.empty() || workload == workload_) && selection_.WantsWorkload(workload);
  }
  // Then all of the service's routes are known, not only those that rules name.
  bool AllWanted(const ServiceStats& service) const {
    const auto lives = [](const PodStats& pod) { return pod.state != ServiceState::kGone; };
    const auto is = [&](const PodStats& pod) { return !lives(pod) || Wants(pod.workload); };
    return std::ranges::any_of(service.pods, lives) && std::ranges::all_of(service.pods, is);
  }

  void AddPods(const ServiceStats& service) {
    if (!selection_.Wants(service)) return;
    for (const PodStats& pod : service.pods) {
      if (question_.name != kEach && question_.name != pod.pod) continue;
      if (!selection_.WantsWorkload(pod.workload) || !Selects(pod)) continue;
      if (pod.state == ServiceState::kGone) {
        ++absence_.gone;
      } else {
        Add(pod.pod, {&service, &pod, WantedOf(pod.all, pod.routes)});
      }
    }
  }

  // By a pod's own labels.
  bool Selects(const PodStats& pod) {
    if (question_.objects.requirements.empty()) return true;
    if (!pod.labels) {
      ++absence_.without_labels;
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

  // Of a pod or a workload, of which only those routes are known that rules name.
  std::vector<const SeriesStats*> WantedOf(const SeriesStats& all,
                                           const std::vector<SeriesStats>& routes) {
    if (!selection_.AsksForSeries()) return {&all};
    const auto ids = selection_.RouteIds();
    const auto named = [this](const std::string& id) {
      return snapshot_.rules->FindId(id) != nullptr;
    };
    if (!ids || !std::ranges::all_of(*ids, named)) {
      refusal_ = ApiError{404,
                          "requests of a pod, and of a workload beside others in its service, are "
                          "counted by route only for the routes of routes.yaml: select them by "
                          "route_id, or ask for a Service"};
    }
    return Wanted(routes);
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

  const MetricQuestion& question_;
  const StatsSnapshot& snapshot_;
  MetricSelection selection_;
  std::string workload_;  // empty: the question is not about one
  MetricAbsence absence_;
  Subjects subjects_;
  std::optional<ApiError> refusal_;
};

}  // namespace

std::expected<std::vector<MetricSubject>, ApiError> FindSubjects(const MetricQuestion& question,
                                                                 const StatsSnapshot& snapshot) {
  return SubjectSearch(question, snapshot).Run();
}

}  // namespace routerate
