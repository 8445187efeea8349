// What is written of counts is read again, and nothing that is damaged is taken for counts.
#include "aggregator/count_record.h"

#include <catch2/catch.hpp>

#include "aggregator/partition_state.h"
#include "tests/aggregator/aggregator_world.h"

namespace routerate {
namespace {

AggregatorOptions FewSeries() {
  AggregatorOptions options;
  options.max_routes = 3;
  return options;
}

// A world that counted something of every kind.
struct CountedWorld : AggregatorWorld {
  CountedWorld() : AggregatorWorld(FewSeries()) {
    Events("ns/shop/0",
           {{.offset = 1, .path = "/a", .status = 404, .duration_us = 123'456},
            {.offset = 5, .ts_ms = kStart - 20'000, .path = "/b", .duration_us = -1},
            {.offset = 9, .ts_ms = kStart - 900'000, .path = "/c"},
            {.offset = 10, .path = "/d"}},
           kStart - 100);
    Events("ns/shop/1", {{.offset = 1, .method = "PUT"}}, kStart - 50, 0, "other file");
    Events("ns/cart/0", {{.offset = 1, .path = "/a"}}, kStart);
    Goodbye("ns/gone/0");
    Sync();
  }
};

std::vector<std::string> Encode(const CountHeader& header, const PartitionCounts& counts,
                                std::size_t part_bytes) {
  CountItemWriter items(part_bytes);
  counts.Tell(items);
  return EncodeParts(header, items.TakeParts());
}

CountHeader Header() {
  return {.kind = CountKind::kSnapshot,
          .topic = "routerate-events",
          .partition = 0,
          .begin = -1,
          .end = 7,
          .writer = 42};
}

TEST_CASE("counts that were written and read are the same") {
  for (const std::size_t part_bytes : {std::size_t{1} << 20, std::size_t{1}}) {
    CountedWorld world;
    const PartitionCounts& counts = world.intake->partitions().at(0).counts();
    const auto values = Encode(Header(), counts, part_bytes);
    CHECK((values.size() > 1) == (part_bytes == 1));
    AggregatorWorld other(FewSeries());
    for (const std::string& value : values) other.intake->OnCounts(value, 0);
    CHECK(Encode(Header(), other.intake->partitions().at(0).counts(), part_bytes).size() ==
          values.size());
    const StatsSnapshot ought = world.Snapshot();
    const StatsSnapshot is = other.Snapshot();
    REQUIRE(is.services.size() == ought.services.size());
    for (std::size_t i = 0; i < is.services.size(); ++i) {
      CHECK(is.services[i].service == ought.services[i].service);
      CHECK(is.services[i].age_s == ought.services[i].age_s);
      for (const SeriesStats& series : ought.services[i].series) {
        const SeriesStats* same = FindSeries(
            is, ought.services[i].name_space + "/" + ought.services[i].service, series.route);
        REQUIRE(same != nullptr);
        CHECK(same->requests == series.requests);
        CHECK(same->bytes == series.bytes);
        CHECK(same->route_id == series.route_id);
        CHECK(same->latency.counts == series.latency.counts);
        CHECK(same->requests_per_second == series.requests_per_second);
      }
    }
  }
}

TEST_CASE("any byte that is wrong or missing is found") {
  CountedWorld world;
  const std::string value =
      Encode(Header(), world.intake->partitions().at(0).counts(), 1 << 20).front();
  REQUIRE(DecodePart(value));
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::string wrong = value;
    wrong[i] = static_cast<char>(wrong[i] ^ 1);
    CHECK_FALSE(DecodePart(wrong));
    CHECK_FALSE(DecodePart(std::string_view(value).substr(0, i)));
  }
}

TEST_CASE("a version that is not known is told from damage") {
  std::string value =
      Encode(Header(), CountedWorld().intake->partitions().at(0).counts(), 1 << 20).front();
  value[3] = 1;  // of before
  CHECK(DecodePart(value).error() == CountRecordError::kUnknownVersion);
  CHECK(DecodePart("somebody else's").error() == CountRecordError::kNoCounts);
}

TEST_CASE("a body that is cut short is refused") {
  CountedWorld world;
  const std::string value =
      Encode(Header(), world.intake->partitions().at(0).counts(), 1 << 20).front();
  const std::string_view body = DecodePart(value)->body;
  AggregatorWorld other;
  std::size_t whole = 0;  // cuts between two items
  for (std::size_t size = 0; size < body.size(); ++size) {
    OwnHealth health;
    SeriesBudget budget(1000);
    PartitionCounts read(other.options, {1000, budget, budget}, health);
    const bool is_whole = ReadCountItems(body.substr(0, size), read);
    CHECK(is_whole == AreCountItems(body.substr(0, size)));
    whole += is_whole ? 1 : 0;
  }
  CHECK(whole < body.size() / 10);
}

}  // namespace
}  // namespace routerate
