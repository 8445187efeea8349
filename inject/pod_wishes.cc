// One reader for each annotation. A value that means nothing is told with its line: a pod that is
// injected otherwise than it asks is noticed too late.
#include "inject/pod_wishes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>

namespace routerate {
namespace {

constexpr std::string_view kPrefix = "routerate.io/";
constexpr std::string_view kFormats[] = {"nginx", "tomcat", "combined", "auto"};
constexpr std::string_view kInjectValues[] = {"true",     "nginx", "tomcat",
                                              "combined", "auto",  "false"};
constexpr std::string_view kReclaims[] = {"none", "punch"};
constexpr std::string_view kWildcards = "*?[";

template <std::size_t N>
bool IsOneOf(const std::string& text, const std::string_view (&choices)[N]) {
  return std::ranges::find(choices, text) != std::end(choices);
}

// A value and where it was said. Without a line it is a default of the command's.
struct Said {
  std::string text;
  int line = 0;
  std::string key;

  std::unexpected<Error> Refused(const std::string& why) const {
    return Fail(fmt::format("{}: {}: '{}' {}", line, key, text, why));
  }
};

class Wishes {
 public:
  Wishes(const YamlNode& pod, WishDefaults defaults)
      : pod_(pod), line_(pod.line), defaults_(std::move(defaults)) {}

  // Said in the annotation routerate.io/`name`, else `fallback` of the command's option --name.
  Said Annotation(std::string_view name, const std::string& fallback = "") const {
    const YamlNode* value = Find(name);
    if (value == nullptr) return {fallback, line_, fmt::format("--{}", name)};
    return {value->text, value->line, fmt::format("{}{}", kPrefix, name)};
  }
  bool Has(std::string_view name) const { return Find(name) != nullptr; }

  Said Inject() const {
    if (Has("inject")) return Annotation("inject");
    const YamlNode* label = pod_.FindAt({"metadata", "labels", "routerate.io/inject"});
    if (label == nullptr) return {};
    return {label->text, label->line, "routerate.io/inject"};
  }

  Result<const YamlNode*> Container() const {
    const auto& containers = pod_.FindAt({"spec", "containers"})->items;
    const Said name = Annotation("container", defaults_.container);
    if (name.text.empty() && !Has("container")) return &containers.front();
    const auto found = std::ranges::find(containers, name.text,
                                         [](const YamlNode& one) { return one.TextOf("name"); });
    if (found != containers.end()) return &*found;
    std::string names;
    for (const YamlNode& one : containers)
      names += (names.empty() ? "" : ", ") + one.TextOf("name");
    return name.Refused(fmt::format("is no container of this pod; it has {}", names));
  }

  Result<std::string> Format(const YamlNode& container) const {
    const std::string inject = Inject().text;
    const bool inject_tells = IsOneOf(inject, kFormats);
    const Said format = Annotation("format", inject_tells ? inject : defaults_.format);
    if (format.text.empty() && !Has("format")) return ByImage(container.TextOf("image"));
    if (!IsOneOf(format.text, kFormats)) {
      return format.Refused(fmt::format("is not one of {}", fmt::join(kFormats, ", ")));
    }
    return format.text;
  }

  // Fills in `logs` and `directory`.
  Result<void> Logs(PodWishes* wishes) const {
    const bool tomcat = wishes->format == "tomcat";
    const std::string file = tomcat ? "localhost_access_log*.txt" : "access*.log";
    Said logs = Annotation("logs", defaults_.logs);
    if (logs.text.empty() && !Has("logs")) {
      logs.text = (tomcat ? "/usr/local/tomcat/logs/" : "/var/log/nginx/") + file;
    }
    if (!logs.text.starts_with('/')) return logs.Refused("is not absolute: it must begin with /");
    const std::size_t wildcard = logs.text.find_first_of(kWildcards);
    wishes->directory = logs.text.substr(0, logs.text.rfind('/', wildcard));
    if (wishes->directory.empty()) {
      return logs.Refused("must name a directory without wildcards, as /var/log/nginx/*.log does");
    }
    wishes->logs = logs.text + (logs.text.ends_with('/') ? file : "");
    return {};
  }

  Result<std::string> Service(const std::string& of_workload) const {
    const Said service =
        Annotation("service", defaults_.service.empty() ? of_workload : defaults_.service);
    if (service.text.empty())
      return service.Refused("names no service: say one in routerate.io/service");
    if (service.text.find_first_of("/ \t\n") != std::string::npos) {
      return service.Refused("may not hold '/' or white space");
    }
    return service.text;
  }

  Result<std::string> Reclaim() const {
    const Said reclaim = Annotation("reclaim", "none");
    if (!IsOneOf(reclaim.text, kReclaims)) return reclaim.Refused("is not one of none, punch");
    return reclaim.text;
  }

  Result<std::string> RunAsUser() const {
    const Said user = Annotation("run-as-user");
    if (!Has("run-as-user")) return std::string();
    std::int32_t id = 0;
    const char* end = user.text.data() + user.text.size();
    const auto read = std::from_chars(user.text.data(), end, id);
    if (read.ec != std::errc{} || read.ptr != end || id < 1) {
      return user.Refused("is not the number of a user other than root");
    }
    return std::to_string(id);
  }

  Result<std::vector<ResourceWish>> Resources() const {
    std::vector<ResourceWish> resources;
    for (const char* kind : {"request", "limit"}) {
      for (const char* resource : {"cpu", "memory"}) {
        const std::string name = fmt::format("{}-{}", resource, kind);
        if (!Has(name)) continue;
        const Said amount = Annotation(name);
        if (!IsQuantity(amount.text))
          return amount.Refused("is not an amount such as 100m or 64Mi");
        resources.push_back({std::string(kind) + "s", resource, amount.text});
      }
    }
    return resources;
  }

 private:
  const YamlNode* Find(std::string_view name) const {
    const std::string key = fmt::format("{}{}", kPrefix, name);
    return pod_.FindAt({"metadata", "annotations", key});
  }
  // By the last part of the image's name: library/tomcat:9.0 is tomcat.
  static std::string ByImage(const std::string& image) {
    return image.substr(image.rfind('/') + 1).find("tomcat") != std::string::npos ? "tomcat"
                                                                                  : "nginx";
  }
  // As Kubernetes writes them: digits, one point, and a unit or an exponent.
  static bool IsQuantity(std::string_view text) {
    constexpr std::string_view kUnits[] = {"",  "n", "u",  "m",  "k",  "M",  "G",  "T",
                                           "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    const std::size_t number = std::min(text.find_first_not_of("0123456789."), text.size());
    std::string_view unit = text.substr(number);
    if (text.find_first_of("0123456789") >= number || std::ranges::count(text, '.') > 1)
      return false;
    if (std::ranges::find(kUnits, unit) != std::end(kUnits)) return true;
    unit.remove_prefix(1);
    return (text[number] == 'e' || text[number] == 'E') && !unit.empty() &&
           unit.find_first_not_of("0123456789", unit.find_first_of("+-") == 0 ? 1 : 0) ==
               std::string_view::npos;
  }

  const YamlNode& pod_;
  int line_;
  WishDefaults defaults_;
};

}  // namespace

Result<InjectWish> InjectWishOf(const YamlNode& pod) {
  const Said inject = Wishes(pod, {}).Inject();
  if (inject.key.empty()) return InjectWish::kUnsaid;
  if (!IsOneOf(inject.text, kInjectValues)) {
    return inject.Refused(fmt::format("is not one of {}", fmt::join(kInjectValues, ", ")));
  }
  return inject.text == "false" ? InjectWish::kNo : InjectWish::kYes;
}

Result<PodWishes> PodWishesOf(const YamlNode& pod, const WishDefaults& defaults,
                              const std::string& default_service) {
  const Wishes said(pod, defaults);
  const auto container = said.Container();
  if (!container) return std::unexpected(container.error());
  auto format = said.Format(**container);
  if (!format) return std::unexpected(format.error());
  PodWishes wishes{.container = (*container)->TextOf("name"), .format = *format};
  if (auto logs = said.Logs(&wishes); !logs) return std::unexpected(logs.error());
  auto service = said.Service(default_service);
  if (!service) return std::unexpected(service.error());
  auto reclaim = said.Reclaim();
  if (!reclaim) return std::unexpected(reclaim.error());
  auto user = said.RunAsUser();
  if (!user) return std::unexpected(user.error());
  auto resources = said.Resources();
  if (!resources) return std::unexpected(resources.error());
  wishes.service = *service;
  wishes.reclaim = *reclaim;
  wishes.run_as_user = *user;
  wishes.resources = *std::move(resources);
  return wishes;
}

Result<void> CheckContainers(const YamlNode& pod) {
  const YamlNode* containers = pod.FindAt({"spec", "containers"});
  if (containers == nullptr || containers->items.empty()) {
    return Fail(fmt::format("{}: spec.containers: expected a list of containers",
                            containers != nullptr ? containers->line : pod.line));
  }
  for (const YamlNode& container : containers->items) {
    if (!container.TextOf("name").empty()) continue;
    return Fail(
        fmt::format("{}: spec.containers: expected a container with a name", container.line));
  }
  return {};
}

}  // namespace routerate
