// What pods tell of themselves is known to every replica, and goes with them.
#include <catch2/catch.hpp>

#include "tests/aggregator/aggregator_world.h"

namespace routerate {
namespace {

const PodDescription kShop = {"deployments.apps/shop", R"({"app":"shop","tier":"web"})"};

struct DescribedWorld : AggregatorWorld {
  using AggregatorWorld::AggregatorWorld;

  void Tell(const PodDescription& description, const std::string& pod = kSource) {
    RecordHeaders headers{RecordKind::kHeartbeat, pod, "", clock.Wall()};
    headers.pod = description;
    Deliver(headers, "");
  }
  // As another replica knows it that has the counts log alone.
  StatsSnapshot Elsewhere() {
    Sync();
    CountItemWriter items(1 << 20);
    intake->partitions().at(0).counts().Tell(items);
    AggregatorWorld other;
    const CountHeader header{.kind = CountKind::kSnapshot, .topic = "routerate-events", .end = 99};
    for (const std::string& value : EncodeParts(header, items.TakeParts())) {
      other.intake->OnCounts(value, 0);
    }
    return other.Snapshot();
  }
};

PodStats OnlyPod(const StatsSnapshot& snapshot) {
  const ServiceStats* service = FindService(snapshot, "ns/shop");
  REQUIRE(service != nullptr);
  REQUIRE(service->pods.size() == 1);
  return service->pods.front();
}

// Items that tell of pods.
class DescriptionCount final : public CountItemVisitor {
 public:
  int count = 0;
  void OnPod(std::string_view, const PodDescription&) override { ++count; }
  void OnLogTime(WallMs, WallMs) override {}
  void OnMark(std::string_view, const HighWaterMarks::Mark&) override {}
  void OnService(std::string_view) override {}
  void OnKnownSince(WallMs) override {}
  void OnDelays(const DelayHistogram&) override {}
  void OnSource(std::string_view, const SourceState&) override {}
  void OnSeries(const SeriesKeyView&, const SeriesCounts&) override {}
  void OnOther(const SeriesCounts&) override {}
  void OnRetired(const SeriesCounts&) override {}
  void OnPodSeries(std::string_view, const SeriesKeyView&, const SeriesCounts&) override {}
};

int DescriptionsTold(const CountsTopic& topic) {
  DescriptionCount told;
  for (const std::string& value : topic.values) {
    if (const auto part = DecodePart(value)) (void)ReadCountItems(part->body, told);
  }
  return told.count;
}

}  // namespace

TEST_CASE("a pod's workload and labels are known, to other replicas too") {
  DescribedWorld world;
  world.Tell(kShop);
  for (const StatsSnapshot& snapshot : {world.Snapshot(), world.Elsewhere()}) {
    const PodStats pod = OnlyPod(snapshot);
    CHECK(pod.workload == "deployments.apps/shop");
    REQUIRE(pod.labels != nullptr);
    CHECK(*pod.labels == PodLabels{{"app", "shop"}, {"tier", "web"}});
  }
}

TEST_CASE("what a pod tells again and again is in the counts log once") {
  DescribedWorld world;
  for (int i = 0; i < 20; ++i) {
    world.clock.Advance(Millis{1000});
    world.Tell(kShop);
    world.Tell(kShop);
    world.Sync();
  }
  CHECK(DescriptionsTold(world.topic) == 1);
  world.Tell({kShop.workload, R"({"app":"shop"})"});
  world.Sync();
  CHECK(DescriptionsTold(world.topic) == 2);
  CHECK(OnlyPod(world.Snapshot()).labels->size() == 1);
}

TEST_CASE("a pod that tells nothing any more has neither workload nor labels") {
  DescribedWorld world;
  world.Tell(kShop);
  world.Sync();
  world.Tell({});
  for (const StatsSnapshot& snapshot : {world.Snapshot(), world.Elsewhere()}) {
    CHECK(OnlyPod(snapshot).workload.empty());
    CHECK(OnlyPod(snapshot).labels == nullptr);
  }
}

TEST_CASE("events and a goodbye say nothing of labels, so these stay") {
  DescribedWorld world;
  world.Tell(kShop);
  world.Events(kSource, {{.offset = 1}}, world.clock.Wall());
  world.Goodbye(kSource);
  CHECK(OnlyPod(world.Snapshot()).labels != nullptr);
}

TEST_CASE("labels that are none are not known, and the pod is") {
  DescribedWorld world;
  world.Tell({"deployments.apps/shop", "{\"app\":1}"});
  const PodStats pod = OnlyPod(world.Snapshot());
  CHECK(pod.workload == "deployments.apps/shop");
  CHECK(pod.labels == nullptr);
}

TEST_CASE("a pod without labels is not one whose labels are not known") {
  DescribedWorld world;
  world.Tell({"", "{}"});
  const PodStats pod = OnlyPod(world.Snapshot());
  REQUIRE(pod.labels != nullptr);
  CHECK(pod.labels->empty());
}

TEST_CASE("a pod that is forgotten is forgotten with what it told") {
  DescribedWorld world;
  world.Tell(kShop);
  world.Tell(kShop, "ns/shop/shop-1");
  world.Sync();
  const auto described = [&] {
    return world.intake->partitions().at(0).counts().ServiceOf("ns/shop")->descriptions().size();
  };
  CHECK(described() == 2);
  const auto seconds = world.options.forget_after.count() / 1000 + 60;
  world.BeatFor(static_cast<int>(seconds), {"ns/shop/shop-2"});
  CHECK(described() == 0);
}

}  // namespace routerate
