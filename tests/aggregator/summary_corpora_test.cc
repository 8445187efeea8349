// Logs that real servers wrote (tests/corpora): shipped as summaries they are counted as when they
// are shipped as events.
#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "aggregator/routes_file.h"
#include "base/file_system.h"
#include "parsers/line_parser.h"
#include "parsers/request_summary.h"
#include "tests/aggregator/aggregator_world.h"
#include "tests/aggregator/same_counts.h"
#include "tests/packed_log.h"

namespace routerate {
namespace {

constexpr std::size_t kLinesARecord = 150;
constexpr Millis kLater{20 * 86'400'000LL};  // than the logs are

std::vector<RouteRule> ShippedRules() {
  PosixFileSystem files;
  const auto routes = LoadRoutes(files, ROUTERATE_TESTS_DIR "/../configs/routes.yaml");
  REQUIRE(routes.has_value());
  return routes->rules();
}

// One record of each kind for the same lines.
class BothWays {
 public:
  explicit BothWays(const std::vector<RouteRule>& rules)
      : by_events({}, rules),
        by_summaries({}, rules),
        routes_(*RouteMatcher::Create(rules, "routes.yaml")) {
    by_events.clock.Advance(kLater);
    by_summaries.clock.Advance(kLater);
  }

  void Add(std::uint64_t offset, const AccessEvent& event) {
    AppendEvent(offset, event, &events_);
    summary_.Add(offset, event, routes_);
    if (++lines_ % kLinesARecord == 0) Deliver();
  }
  void Deliver() {
    if (summary_.Empty()) return;
    by_events.Deliver({RecordKind::kEvents, kSource, "file"}, events_);
    by_summaries.Deliver({RecordKind::kSummary, kSource, "file", 0, summary_.lines()},
                         summary_.Encode());
    events_.clear();
    summary_ = {};
  }
  std::uint64_t lines() const { return lines_; }

  AggregatorWorld by_events;
  AggregatorWorld by_summaries;

 private:
  static constexpr const char* kSource = "shop/web/pod-1";
  RouteMatcher routes_;
  std::string events_;
  RequestSummary summary_;
  std::uint64_t lines_ = 0;
};

void ReadLog(const std::string& name, BothWays* out) {
  const auto text = UnpackedFile(ROUTERATE_TESTS_DIR "/corpora/" + name + ".log.gz");
  REQUIRE(text.has_value());
  const std::string padded = *text + std::string(kLinePadding, '\0');
  LineParser parser(LineFormat::Of(LogFormat::kAuto));
  for (std::size_t begin = 0; begin < text->size();) {
    const std::size_t end = std::min(text->find('\n', begin), text->size());
    const auto event = parser.Parse(std::string_view(padded).substr(begin, end - begin));
    if (event) out->Add(begin, *event);
    begin = end + 1;
  }
  out->Deliver();
}

}  // namespace

TEST_CASE("recorded logs are counted alike as events and as summaries") {
  const std::string name =
      GENERATE("nginx-combined", "nginx-default", "nginx-default.damaged", "nginx-json",
               "nginx-json.damaged", "tomcat-10", "tomcat-8.5.100", "tomcat-8.5.100.damaged",
               "tomcat-8.5.47", "tomcat-8.5.47.damaged", "tomcat-9");
  INFO(name);
  BothWays both(ShippedRules());
  ReadLog(name, &both);
  REQUIRE(both.lines() > 10);
  CheckSame(both.by_events, both.by_summaries);
  CHECK(Total(both.by_summaries.Snapshot()) == both.lines());
  CHECK(both.by_summaries.health().rejected_events == 0);
}

}  // namespace routerate
