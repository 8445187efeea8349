// Document by document: read, changed as nodes, written as lines of the text that was there.
#include "inject/injection.h"

#include <fmt/format.h>

#include <utility>

#include "inject/manifest_objects.h"
#include "inject/manifest_text.h"
#include "inject/text_changes.h"
#include "inject/yaml_reader.h"

namespace routerate {
namespace {

class ManifestInjection {
 public:
  explicit ManifestInjection(const InjectionOptions& options) : options_(options) {}

  Result<void> Take(const DocumentText& document) {
    const auto before = ReadYaml(document.text, {0, document.line});
    if (!before) return std::unexpected(before.error());
    YamlNode after = *before;
    bool changed = false;
    for (const ManifestObject& object : ObjectsOf(after)) {
      const auto treated = Treat(object);
      if (!treated) return std::unexpected(treated.error());
      changed |= *treated;
    }
    if (!changed) {
      manifest_.text += document.text;
      return {};
    }
    auto text = ChangeText(document.text, *before, after);
    if (!text) return std::unexpected(text.error());
    manifest_.text += text->text;
    if (text->how == Rewrite::kWhole) {
      manifest_.report.push_back(fmt::format(
          "the document at line {}: written anew, without its comments: it is in a form "
          "that lines cannot be added to",
          document.line));
    }
    return {};
  }

  InjectedManifest Done() { return std::move(manifest_); }

 private:
  // Whether the object has been changed.
  Result<bool> Treat(const ManifestObject& object) {
    if (object.pod_kind == nullptr) return Leave(object, "no pod: passed on");
    if (!IsMeant(object)) return Leave(object, "passed on: is none of --workload");
    if (object.Pod() == nullptr) {
      return Fail(fmt::format("{}: {}: has no {}", object.node->line, object.title,
                              fmt::join(object.pod_kind->pod, ".")));
    }
    if (auto fits = CheckContainers(*object.Pod()); !fits) return std::unexpected(fits.error());
    const auto wish = InjectWishOf(*object.Pod());
    if (!wish) return std::unexpected(wish.error());
    if (options_.pods == WhichPods::kLabelled && *wish != InjectWish::kYes) {
      return Leave(object, "passed on: does not ask for routerate.io/inject");
    }
    return options_.act == InjectionAct::kRemove ? Remove(object) : Inject(object, *wish);
  }

  Result<bool> Inject(const ManifestObject& object, InjectWish wish) {
    if (wish == InjectWish::kNo)
      return Leave(object, "passed on: says routerate.io/inject: \"false\"");
    const YamlNode* os = object.Pod()->FindAt({"spec", "os", "name"});
    if (os != nullptr && os->text == "windows")
      return Leave(object, "passed on: a pod for Windows");
    if (HasSidecar(*object.Pod(), options_.definition)) {
      return Leave(object, fmt::format("unchanged: has a {} already", options_.definition.name()));
    }
    const auto change = InjectPod(object, options_.definition, options_.kind, options_.defaults);
    if (!change) return std::unexpected(change.error());
    Tell(object, change->what);
    for (const std::string& note : change->notes) Tell(object, note);
    return true;
  }

  Result<bool> Remove(const ManifestObject& object) {
    if (!RemoveFromPod(object, options_.definition)) {
      return Leave(object, fmt::format("unchanged: has no {}", options_.definition.name()));
    }
    Tell(object, fmt::format("{} taken away", options_.definition.name()));
    return true;
  }

  bool IsMeant(const ManifestObject& object) {
    bool meant = options_.workloads.empty();
    for (const std::string& name : {object.name, object.title}) {
      if (!options_.workloads.contains(name)) continue;
      manifest_.found.insert(name);
      meant = true;
    }
    return meant;
  }
  bool Leave(const ManifestObject& object, std::string_view why) {
    Tell(object, why);
    return false;
  }
  void Tell(const ManifestObject& object, std::string_view what) {
    manifest_.report.push_back(fmt::format("{}: {}", object.title, what));
  }

  const InjectionOptions& options_;
  InjectedManifest manifest_;
};

}  // namespace

Result<InjectedManifest> InjectManifest(std::string_view text, const InjectionOptions& options) {
  ManifestInjection injection(options);
  for (const DocumentText& document : SplitDocuments(text)) {
    if (auto taken = injection.Take(document); !taken) return std::unexpected(taken.error());
  }
  return injection.Done();
}

}  // namespace routerate
