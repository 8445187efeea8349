// /stats as requests and responses: forms, content types, and streams of snapshots.
#include "aggregator/stats_page.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>

#include "aggregator/stats_text.h"

namespace routerate {
namespace {

using Query = std::map<std::string, std::string>;

std::shared_ptr<const StatsSnapshot> Snapshot(WallMs made_at, std::uint64_t total) {
  auto snapshot = std::make_shared<StatsSnapshot>();
  snapshot->made_at_ms = made_at;
  ServiceStats service;
  service.name_space = "prod";
  service.service = "shop";
  service.series.resize(1);
  service.series[0].route = "/orders";
  service.series[0].total = total;
  snapshot->services = {service};
  return snapshot;
}

// A page of a snapshot that tests replace.
struct PageWorld {
  std::shared_ptr<const StatsSnapshot> latest = Snapshot(1000, 1);
  StatsPage page{[this] { return latest; }};

  HttpResponse Ask(Query query) const {
    HttpRequest request;
    request.query = std::move(query);
    return page.Answer(request);
  }
  HttpStream Stream(Query query) const {
    auto response = Ask(std::move(query));
    REQUIRE(response.status == 200);
    REQUIRE(response.stream);
    return *response.stream;
  }
};

TEST_CASE("each form has its content type, and all are of the same rows") {
  const PageWorld world;
  const std::map<std::string, std::string> types = {
      {"text", "text/plain; charset=utf-8"},
      {"json", "application/json"},
      {"csv", "text/csv; charset=utf-8; header=present"},
      {"ndjson", "application/x-ndjson"},
      {"prom", "text/plain; version=0.0.4; charset=utf-8"}};
  for (const auto& [format, type] : types) {
    const HttpResponse response = world.Ask({{"format", format}, {"route", "/orders"}});
    CHECK(response.status == 200);
    CHECK(response.content_type == type);
    CHECK_FALSE(response.stream);
    if (format != "prom") CHECK_THAT(response.body, Catch::Contains("/orders"));
  }
  CHECK(world.Ask({}).content_type == types.at("text"));
}

TEST_CASE("a mistake is one line") {
  const PageWorld world;
  const HttpResponse response = world.Ask({{"watch", "often"}});
  CHECK(response.status == 400);
  CHECK(response.body == "watch 'often' is not a number from 1 to 60\n");
  CHECK_FALSE(response.stream);
}

TEST_CASE("watched text is a block a period, with an empty line behind it") {
  PageWorld world;
  const HttpStream stream = world.Stream({{"watch", "5"}});
  CHECK(stream.every == Millis{5000});
  const std::string first = *stream.next();
  CHECK(first == world.Ask({}).body + "\n");
  world.latest = Snapshot(2000, 123);
  CHECK(*stream.next() == world.Ask({}).body + "\n");
  CHECK(*stream.next() != first);
  CHECK_THAT(first, !Catch::Contains("\x1B"));
}

TEST_CASE("watched text clears the screen where colour is wanted") {
  const PageWorld world;
  CHECK_THAT(*world.Stream({{"watch", "1"}, {"colour", "1"}}).next(),
             Catch::StartsWith("\x1B[H\x1B[J\x1B[1mnamespace "));
}

TEST_CASE("watched NDJSON tells the moment of each snapshot") {
  PageWorld world;
  const HttpStream stream = world.Stream({{"watch", "1"}, {"format", "ndjson"}});
  CHECK(boost::json::parse(*stream.next()).at("time_ms") == 1000);
  world.latest = Snapshot(2000, 123);
  const auto line = boost::json::parse(*stream.next());
  CHECK(line.at("time_ms") == 2000);
  CHECK(line.at("total") == 123);
}

TEST_CASE("a watched selection that has no rows says nothing") {
  const PageWorld world;
  const auto piece =
      world.Stream({{"watch", "1"}, {"format", "ndjson"}, {"service", "none"}}).next();
  REQUIRE(piece != nullptr);
  CHECK(piece->empty());
}

TEST_CASE("streams that ask the same share one text of a snapshot, which nobody else keeps") {
  PageWorld world;
  const HttpStream one = world.Stream({{"watch", "1"}});
  const HttpStream same = world.Stream({{"watch", "1"}});
  const HttpStream other = world.Stream({{"watch", "1"}, {"limit", "1"}});
  auto piece = one.next();
  CHECK(same.next() == piece);
  CHECK(other.next() != piece);
  const std::weak_ptr<const std::string> kept = piece;
  world.latest = Snapshot(2000, 2);
  CHECK(same.next() != piece);
  piece.reset();
  CHECK(kept.expired());
}

}  // namespace
}  // namespace routerate
