// The loop's step and the pages, over a source that is told what to bring.
#include "aggregator/aggregator.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "aggregator/http_views.h"
#include "tests/aggregator/aggregator_world.h"

namespace routerate {
namespace {

class ScriptedSource final : public RecordSource {
 public:
  std::function<void(RecordVisitor&)> next;
  SourceStatus status;
  std::function<void()> when_asked;  // in the middle of a publication

  void ReadFrom(int, std::int64_t) override {}
  void Poll(Millis, RecordVisitor& visitor) override {
    if (next) std::exchange(next, nullptr)(visitor);
  }
  SourceStatus Status() const override {
    if (when_asked) when_asked();
    return status;
  }
};

HttpResponse AnswerOf(const HttpRoute& route, HttpRequest request) {
  HttpResponse answer;
  route.Answer(std::make_shared<HttpRequest>(std::move(request)),
               [&answer](HttpResponse response) { answer = std::move(response); });
  return answer;
}

struct ScriptedWorld {
  AggregatorOptions options;
  ManualClock clock{kStart};
  StatsBoard board;
  RecentHistory history;
  ScriptedSource source;
  CountsTopic topic;
  MemoryCountsLog log{topic};
  Aggregator aggregator{options, *RouteMatcher::Create({}, "routes.yaml"), clock, source, log,
                        board};
  HttpRoutes views = HttpViews(options, board, history, clock);

  void StepAfter(Millis time) {
    clock.Advance(time);
    aggregator.Step(Millis{0});
    history.Sample(*board.Latest());
  }
  HttpResponse Get(const std::string& path, std::map<std::string, std::string> query = {}) {
    return AnswerOf(views.at(path), {.path = path, .query = std::move(query)});
  }
};

// What costs so much is done so often.
struct Paced {
  Millis cost, interval;
};
constexpr Paced kPaced[] = {{Millis{0}, Millis{200}},
                            {Millis{9}, Millis{200}},
                            {Millis{20}, Millis{400}},
                            {Millis{300}, Millis{1000}}};

TEST_CASE("a snapshot takes a twentieth of the time, but comes every 0.2 to 1 s") {
  for (const Paced c : kPaced) {
    ScriptedWorld world;
    world.StepAfter(Millis{1000});
    world.source.when_asked = [&] { world.clock.Advance(c.cost); };
    world.StepAfter(Millis{1000});
    const auto first = world.board.Latest();
    world.StepAfter(c.interval - c.cost - Millis{1});
    CHECK(world.board.Latest() == first);
    world.StepAfter(Millis{1});
    CHECK(world.board.Latest() != first);
  }
}

TEST_CASE("counts are told as often as it is cheap to read everybody's, but every 0.2 to 1 s") {
  for (const Paced c : kPaced) {
    ScriptedWorld world;
    world.source.next = [](RecordVisitor& visitor) { visitor.OnAssigned(2); };
    world.StepAfter(Millis{1000});
    std::int64_t offset = 0;
    const auto step = [&](Millis time) {
      world.source.next = [&](RecordVisitor& visitor) {
        visitor.OnRecord({.partition = 2, .offset = offset++, .headers = {}, .value = {}});
      };
      world.StepAfter(time);
    };
    world.log.when_polled = [&] {
      world.clock.Advance(c.cost);
      world.log.when_polled = nullptr;
    };
    step(Millis{1000});
    const std::size_t told = world.topic.values.size();
    CHECK(told > 0);
    step(c.interval - Millis{1});
    CHECK(world.topic.values.size() == told);
    step(Millis{1});
    CHECK(world.topic.values.size() == told + 1);
  }
}

TEST_CASE("ready means that what was assigned has been read, and stays so") {
  ScriptedWorld world;
  world.source.status.trouble = "no broker answers";
  world.StepAfter(Millis{1000});
  CHECK(world.Get("/readyz").status == 503);
  CHECK(world.Get("/readyz").body == "not ready: kafka: no broker answers\n");
  world.source.status.trouble.clear();
  world.StepAfter(Millis{1000});
  CHECK(world.Get("/readyz").body ==
        "not ready: group routerate-aggregator has no assignment of topic routerate-events yet\n");
  world.source.status.joined = true;
  world.source.next = [](RecordVisitor& visitor) { visitor.OnAssigned(2); };
  world.StepAfter(Millis{1000});
  CHECK(world.Get("/readyz").body == "not ready: 1 partitions are not read to their end yet\n");
  world.source.next = [](RecordVisitor& visitor) { visitor.OnCaughtUp(2); };
  world.StepAfter(Millis{1000});
  CHECK(world.Get("/readyz").status == 200);
  world.source.status.trouble = "no broker answers";
  world.StepAfter(Millis{1000});
  CHECK(world.Get("/readyz").status == 200);
}

TEST_CASE("health is the loop's beat") {
  ScriptedWorld world;
  CHECK(world.Get("/healthz").status == 200);
  world.clock.Advance(Millis{10'001});
  CHECK(world.Get("/healthz").status == 503);
  world.StepAfter(Millis{0});
  CHECK(world.Get("/healthz").status == 200);
}

TEST_CASE("the pages have their types, and a wrong query is a 400") {
  ScriptedWorld world;
  CHECK(world.Get("/").status == 200);
  CHECK(world.Get("/metrics").content_type.starts_with("text/plain; version=0.0.4"));
  CHECK(world.Get("/stats").body.starts_with("namespace service route method req/s_10s"));
  CHECK(world.Get("/stats", {{"format", "json"}}).content_type == "application/json");
  CHECK(world.Get("/stats", {{"by", "node"}}).status == 400);
}

TEST_CASE("what was silent for forget_after leaves by itself") {
  ScriptedWorld world;
  world.source.status.joined = true;
  world.source.next = [&world](RecordVisitor& visitor) {
    visitor.OnAssigned(0);
    visitor.OnCaughtUp(0);
    const HeaderPairs pairs = EncodeHeaders({RecordKind::kEvents, "ns/shop/0", "file", kStart});
    const std::vector<std::pair<std::string_view, std::string_view>> views(pairs.begin(),
                                                                           pairs.end());
    visitor.OnRecord({0, 0, world.clock.Wall(), views, EventLines({{.offset = 0}})});
  };
  world.StepAfter(Millis{1000});
  CHECK(Total(*world.board.Latest()) == 1);
  for (Millis silent{0}; silent <= world.options.forget_after; silent += Millis{10'000}) {
    world.StepAfter(Millis{10'000});
  }
  CHECK(world.board.Latest()->services.empty());
}

// A minute of a request a second, known up to now.
void CountAMinute(ScriptedWorld& world) {
  world.source.status.joined = true;
  for (int second = 0; second < 60 + 4; ++second) {
    world.source.next = [&world, second](RecordVisitor& visitor) {
      if (second == 0) visitor.OnAssigned(0);
      visitor.OnCaughtUp(0);
      const HeaderPairs pairs =
          EncodeHeaders({RecordKind::kEvents, "ns/shop/0", "file", world.clock.Wall()});
      const std::vector<std::pair<std::string_view, std::string_view>> views(pairs.begin(),
                                                                             pairs.end());
      visitor.OnRecord({0, second, world.clock.Wall(), views,
                        EventLines({{.offset = static_cast<std::uint64_t>(second),
                                     .ts_ms = world.clock.Wall()}})});
    };
    world.StepAfter(Millis{1000});
  }
}

// Of the one row and minute.
std::string RateShown(ScriptedWorld& world) {
  const std::string body = world.Get("/stats", {{"format", "json"}}).body;
  const boost::json::value rate = boost::json::parse(body).at(0).at("req/s_1m");
  const bool scraped = world.Get("/metrics").body.find("per_second{") != std::string::npos;
  CHECK(scraped == !rate.is_null());
  return boost::json::serialize(rate);
}

TEST_CASE("what a loop that stands still once knew is not shown as known") {
  ScriptedWorld world;
  CountAMinute(world);
  CHECK(RateShown(world) == "1E0");
  world.clock.Advance(world.options.stale_after / 2);
  CHECK(RateShown(world) == "1E0");
  world.clock.Advance(world.options.stale_after / 2 + Millis{1});
  CHECK(RateShown(world) == "null");
  const std::string row = world.Get("/stats", {{"format", "json"}}).body;
  CHECK(row.find("\"state\":\"unknown\"") != std::string::npos);
  CHECK(row.find("\"age_s\":1.0001E1") != std::string::npos);
  CHECK(row.find("\"total\":64") != std::string::npos);
}

TEST_CASE("a machine that slept shows nothing of before") {
  ScriptedWorld world;
  CountAMinute(world);
  world.clock.StepWall(world.options.stale_after + Millis{1});
  CHECK(RateShown(world) == "null");
}

TEST_CASE("pages are made on another thread while the loop publishes") {
  ScriptedWorld world;
  constexpr int kPages = 200;
  int empty_pages = 0;
  std::jthread server([&empty_pages, &world] {
    const ManualClock clock{kStart};
    const auto views = HttpViews(world.options, world.board, world.history, clock);
    for (int i = 0; i < kPages; ++i) {
      // Catch2's assertions are for one thread.
      for (const auto& [path, view] : views) {
        empty_pages += AnswerOf(view, {.path = path}).body.empty() ? 1 : 0;
      }
    }
  });
  for (int i = 0; i < kPages; ++i) world.StepAfter(Millis{1000});
  server.join();
  CHECK(empty_pages == 0);
}

}  // namespace
}  // namespace routerate
