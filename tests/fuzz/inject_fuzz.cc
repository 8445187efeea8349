// Any manifest: refused with its line, or injected so that it can be injected again and taken back.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inject/injection.h"
#include "tests/fuzz/checked_event.h"
#include "tests/inject/manifest_meaning.h"

namespace routerate {
namespace {

// "7: what is wrong", in one line.
bool IsTold(std::string_view message) {
  const std::size_t digits = message.find_first_not_of("0123456789");
  return digits > 0 && digits != std::string_view::npos &&
         message.substr(digits).starts_with(": ") && message.find('\n') == std::string_view::npos;
}

std::vector<YamlNode> Meaning(std::string_view manifest, std::string_view what) {
  auto meaning = MeaningOf(manifest);
  Promise(meaning.has_value(), what, manifest);
  return *std::move(meaning);
}

std::string Done(std::string_view manifest, const InjectionOptions& options,
                 std::string_view what) {
  const auto done = InjectManifest(manifest, options);
  Promise(done.has_value(), what, done ? manifest : done.error().message);
  return done->text;
}

void CheckManifest(std::string_view manifest) {
  const InjectionOptions inject;
  const InjectionOptions remove{.act = InjectionAct::kRemove};
  const auto injected = InjectManifest(manifest, inject);
  if (const auto removed = InjectManifest(manifest, remove)) {
    Meaning(removed->text, "what is left by a removal is YAML");
  }
  if (!injected) {
    Promise(IsTold(injected.error().message), "a mistake is one line with its place",
            injected.error().message);
    return;
  }
  Meaning(injected->text, "what was injected is YAML");
  Promise(Done(injected->text, inject, "it can be injected again") == injected->text,
          "to inject twice is to inject once", injected->text);
  if (injected->text == manifest) return;
  const auto before = InjectManifest(manifest, remove);
  // Where one of the pods had a sidecar already, a removal takes that, too.
  if (!before || before->text != manifest) return;
  const std::string removed = Done(injected->text, remove, "it can be taken back");
  Promise(std::ranges::equal(Meaning(removed, "what was taken back is YAML"),
                             Meaning(manifest, "a manifest is YAML"), Same),
          "what was taken back means the same", removed);
}

}  // namespace
}  // namespace routerate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  routerate::CheckManifest({reinterpret_cast<const char*>(data), size});
  return 0;
}
