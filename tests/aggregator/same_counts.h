// Whether two aggregators know the same, bucket by bucket.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "base/byte_codec.h"
#include "tests/aggregator/aggregator_world.h"

namespace routerate {

inline void CheckSame(const SeriesCounts& a, const SeriesCounts& b) {
  const auto bytes_of = [](const auto& part) {
    std::string bytes;
    part.Write(ByteWriter(bytes));
    return bytes;
  };
  CHECK(a.route_id == b.route_id);
  CHECK(a.origin == b.origin);
  CHECK(a.requests == b.requests);
  CHECK(a.bytes == b.bytes);
  CHECK(bytes_of(a.latency) == bytes_of(b.latency));
  CHECK(bytes_of(a.buckets) == bytes_of(b.buckets));
  CHECK(bytes_of(a.recent_latency) == bytes_of(b.recent_latency));
}

// Everything that is known of partition 0, series by series.
inline void CheckSame(AggregatorWorld& a, AggregatorWorld& b) {
  a.Sync();
  b.Sync();
  const auto& known_a = a.intake->partitions().at(0).counts().services();
  const auto& known_b = b.intake->partitions().at(0).counts().services();
  REQUIRE(known_a.size() == known_b.size());
  for (const auto& [name, service] : known_a) {
    const ServiceCounts& other = *known_b.at(name);
    REQUIRE(service->series().size() == other.series().size());
    for (const auto& [key, series] : service->series()) {
      INFO(key.method << " " << key.route);
      REQUIRE(other.series().contains(key));
      CheckSame(series, other.series().at(key));
    }
    REQUIRE((service->other() == nullptr) == (other.other() == nullptr));
    if (service->other() != nullptr) CheckSame(*service->other(), *other.other());
  }
  CHECK(a.health().events == b.health().events);
  CHECK(a.health().future == b.health().future);
  CHECK(a.health().too_old == b.health().too_old);
  CHECK(a.health().overflow == b.health().overflow);
}

}  // namespace routerate
