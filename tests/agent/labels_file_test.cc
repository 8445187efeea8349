// The pod's workload and labels in heartbeats: what the downward API's file says now.
#include "agent/labels_file.h"

#include <catch2/catch.hpp>
#include <cerrno>

#include "tests/agent/agent_world.h"

namespace routerate {
namespace {

const std::string kPath = "/etc/podinfo/labels";

// As the kubelet lays it out: labels → ..data/labels, ..data → ..TIME.
struct DownwardVolume {
  MemoryFileSystem& files;
  int turn = 0;

  void Write(const std::string& text) {
    const std::string made = fmt::format("/etc/podinfo/..{}/labels", ++turn);
    files.now_ns += 1'000'000'000;
    files.Append(made, text);
    files.Symlink(made, kPath);
  }
};

struct LabelsWorld : World {
  DownwardVolume volume{files};

  explicit LabelsWorld(const std::string& text = "") {
    options.source.workload = "deployments.apps/shop";
    options.source.labels_file = kPath;
    if (!text.empty()) volume.Write(text);
    Boot();
  }
  PodDescription Beat() {
    Step(Millis{2000});
    Step(Millis{0});
    return broker.Of(RecordKind::kHeartbeat).back().headers.pod;
  }
};

}  // namespace

TEST_CASE("the first heartbeat goes out at the start, with workload and labels") {
  LabelsWorld world("app=\"shop\"\napp.kubernetes.io/name=\"web\"\npod-template-hash=\"7c9f\"");
  world.Step();
  const auto beats = world.broker.Of(RecordKind::kHeartbeat);
  REQUIRE(beats.size() == 1);
  CHECK(beats[0].headers.pod.workload == "deployments.apps/shop");
  CHECK(beats[0].headers.pod.labels ==
        R"({"app":"shop","app.kubernetes.io/name":"web","pod-template-hash":"7c9f"})");
}

TEST_CASE("heartbeats go out under traffic, and tell labels that changed within two seconds") {
  LabelsWorld world("app=\"shop\"\n");
  world.Step();
  world.volume.Write("app=\"shop\"\ncolor=\"blue\"\n");
  for (int i = 0; i < 30; ++i) {
    world.files.Append("/logs/a.log", LinesOf(i, i + 1));
    world.Step(Millis{100});
  }
  const auto beats = world.broker.Of(RecordKind::kHeartbeat);
  CHECK(beats.size() >= 3);
  CHECK(beats.back().headers.pod.labels == R"({"app":"shop","color":"blue"})");
}

TEST_CASE("without a file labels are not told, and an empty one tells that there are none") {
  World world;
  world.Step();
  CHECK(world.broker.Of(RecordKind::kHeartbeat).front().headers.pod == PodDescription());
  LabelsWorld empty;
  empty.volume.Write("");
  CHECK(empty.Beat().labels == "{}");
}

TEST_CASE("labels that were read stay while the file is missing or bad") {
  LabelsWorld world("app=\"shop\"");
  CHECK(world.Beat().labels == R"({"app":"shop"})");
  world.volume.Write("this is\nno file of labels");
  CHECK(world.Beat().labels == R"({"app":"shop"})");
  world.files.open_fails[kPath] = EACCES;
  CHECK(world.Beat().labels == R"({"app":"shop"})");
  world.files.open_fails.clear();
  world.volume.Write("app=\"cart\"");
  CHECK(world.Beat().labels == R"({"app":"cart"})");
}

TEST_CASE("a file that is missing at the start is read when it comes") {
  LabelsWorld world;
  CHECK(world.Beat().labels.empty());
  CHECK(std::ranges::any_of(world.events.lines, [](const std::string& line) {
    return line.starts_with("labels failed") && line.find(kPath) != std::string::npos;
  }));
  world.volume.Write("app=\"shop\"");
  CHECK(world.Beat().labels == R"({"app":"shop"})");
}

TEST_CASE("lines that are no labels are left out and counted") {
  LabelsWorld world("app=\"shop\"\nnote=\"two words\"\nquote=\"a\\\"b\"\nx=\"\nrest\n");
  CHECK(world.Beat().labels == R"({"app":"shop"})");
  CHECK(std::ranges::count(world.events.lines, "labels 1 and 4") == 1);
}

TEST_CASE("a file that is too large is not read") {
  LabelsWorld world(std::string(LabelsFile::kMostBytes + 1, 'x'));
  CHECK(world.Beat().labels.empty());
}

TEST_CASE("a file that did not change is not read again") {
  LabelsWorld world("app=\"shop\"");
  world.Step();
  int reads = 0;
  world.files.fails = [&](std::string_view call) {
    reads += call == "open" ? 1 : 0;
    return 0;
  };
  for (int i = 0; i < 5; ++i) world.Beat();
  CHECK(reads == 0);
}

}  // namespace routerate
