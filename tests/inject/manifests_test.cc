// The manifests in tests/inject/manifests, of many kinds and shapes: what each becomes is its
// golden in tests/inject/golden, and it becomes itself again.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "inject/injection.h"
#include "tests/golden_text.h"
#include "tests/inject/manifest_meaning.h"

namespace routerate {
namespace {

const std::string kFolder = ROUTERATE_TESTS_DIR "/inject/manifests";

// Not restored byte for byte: written anew, or with keys that were empty, or came by a merge key.
const std::set<std::string> kSameMeaning = {"anchors.yaml", "flow_style.yaml", "json_list.yaml",
                                            "merge_keys.yaml"};

std::vector<std::string> Manifests() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  return names;
}

std::string TextOf(const std::string& name) {
  std::ifstream file(kFolder + "/" + name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

InjectedManifest Injected(const std::string& text, const InjectionOptions& options = {}) {
  auto manifest = InjectManifest(text, options);
  INFO((manifest ? "" : manifest.error().message));
  REQUIRE(manifest.has_value());
  return *std::move(manifest);
}

std::string Removed(const std::string& text) {
  return Injected(text, {.act = InjectionAct::kRemove}).text;
}

bool MeansTheSame(const std::string& a, const std::string& b) {
  const auto meaning = MeaningOf(a);
  const auto other = MeaningOf(b);
  REQUIRE(meaning.has_value());
  REQUIRE(other.has_value());
  return std::ranges::equal(*meaning, *other, Same);
}

}  // namespace

TEST_CASE("each manifest becomes its golden, which is not injected again") {
  for (const std::string& name : Manifests()) {
    INFO(name);
    const std::string injected = Injected(TextOf(name)).text;
    CheckGolden("../inject/golden/" + name, injected);
    CHECK(Injected(injected).text == injected);
  }
}

TEST_CASE("what is told of each manifest is as its golden says") {
  std::string told;
  for (const std::string& name : Manifests()) {
    told += name + "\n";
    for (const std::string& line : Injected(TextOf(name)).report) told += "  " + line + "\n";
  }
  CheckGolden("inject_report.txt", told);
}

TEST_CASE("a removal gives the manifest back") {
  for (const std::string& name : Manifests()) {
    INFO(name);
    const std::string text = TextOf(name);
    const std::string removed = Removed(Injected(text).text);
    CHECK(MeansTheSame(removed, text));
    CHECK((removed == text) == !kSameMeaning.contains(name));
  }
}

TEST_CASE("a removal changes nothing where nothing was injected") {
  for (const std::string& name : Manifests()) {
    INFO(name);
    CHECK(Removed(TextOf(name)) == TextOf(name));
  }
}

TEST_CASE("a plain sidecar is taken away, too") {
  for (const std::string& name : Manifests()) {
    if (name == "job.yaml" || name == "cronjob.yaml") continue;
    INFO(name);
    const std::string text = TextOf(name);
    const std::string plain = Injected(text, {.kind = SidecarKind::kPlain}).text;
    CHECK(Injected(plain).text == plain);
    CHECK(MeansTheSame(Removed(plain), text));
  }
}

TEST_CASE("lines that are there stay, in their order") {
  for (const std::string& name : Manifests()) {
    if (name == "anchors.yaml" || name == "flow_style.yaml" || name.starts_with("json_")) continue;
    INFO(name);
    std::istringstream before(TextOf(name));
    std::istringstream after(Injected(TextOf(name)).text);
    std::string line;
    std::string found;
    while (std::getline(before, line)) {
      const bool empty_is_filled = line.ends_with(" {}");
      while (std::getline(after, found) && found != line && found != line + "\r" &&
             !(empty_is_filled && found.starts_with(line.substr(0, line.size() - 1)))) {
      }
      CHECK(after.good());
    }
  }
}

TEST_CASE("a list of hundreds of workloads gets all of them, and gives them back") {
  constexpr int kWorkloads = 500;
  const std::string one = TextOf("list.yaml");
  const std::size_t begin = one.find("- apiVersion");
  const std::string item = one.substr(begin, one.find("- apiVersion", begin + 1) - begin);
  std::string text = "kind: List\nitems:\n";
  for (int i = 0; i < kWorkloads; ++i) text += item;
  const InjectedManifest manifest = Injected(text);
  CHECK(manifest.report.size() == kWorkloads);
  CHECK(Removed(manifest.text) == text);
}

}  // namespace routerate
