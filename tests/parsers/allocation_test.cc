// What is done for each line allocates nothing, once scratch space has grown to the longest line. A
// program of its own, since it replaces operator new.
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/event_record.h"
#include "parsers/line_parser.h"
#include "parsers/route_matcher.h"
#include "tests/counted_new.h"
#include "tests/packed_log.h"

using namespace routerate;

namespace {

struct Log {
  const char* name;
  LogFormat format;
};

constexpr Log kLogs[] = {
    {"nginx-default", LogFormat::kNginx},
    {"nginx-default.damaged", LogFormat::kNginx},
    {"nginx-json", LogFormat::kNginx},
    {"nginx-json.damaged", LogFormat::kNginx},
    {"nginx-combined", LogFormat::kCombined},
    {"tomcat-8.5.47", LogFormat::kTomcat},
    {"tomcat-8.5.47.damaged", LogFormat::kTomcat},
    {"tomcat-8.5.100", LogFormat::kTomcat},
    {"tomcat-8.5.100.damaged", LogFormat::kTomcat},
    {"tomcat-9", LogFormat::kTomcat},
    {"tomcat-10", LogFormat::kTomcat},
};

// A recorded log's lines, each with its padding behind it.
class Lines {
 public:
  explicit Lines(const std::string& name) {
    const auto text = UnpackedFile(ROUTERATE_TESTS_DIR "/corpora/" + name + ".log.gz");
    REQUIRE(text.has_value());
    text_ = *text + std::string(kLinePadding, ' ');
    for (std::size_t begin = 0, end = 0; begin < text->size(); begin = end + 1) {
      end = text_.find('\n', begin);
      lines_.push_back(std::string_view(text_).substr(begin, end - begin));
    }
  }
  const std::vector<std::string_view>& all() const { return lines_; }

 private:
  std::string text_;
  std::vector<std::string_view> lines_;
};

// Of the second time that `work` is done.
template <typename Work>
std::uint64_t AllocationsOf(Work work) {
  work();
  const std::uint64_t before = AllocationCount();
  work();
  return AllocationCount() - before;
}

}  // namespace

TEST_CASE("the counter sees an allocation") {
  CHECK(AllocationsOf([] { return std::string(100, 'x').size(); }) == 1);
}

TEST_CASE("parsing any line of a recorded log allocates nothing") {
  for (const Log& log : kLogs) {
    const Lines lines(log.name);
    for (const LogFormat format : {log.format, LogFormat::kAuto}) {
      INFO(log.name << " as " << LogFormatName(format));
      LineParser parser(LineFormat::Of(format));
      std::size_t events = 0;
      const std::uint64_t allocations = AllocationsOf([&] {
        for (const std::string_view line : lines.all()) {
          events += parser.Parse(line).has_value() ? 1u : 0u;
        }
      });
      CHECK(allocations == 0);
      CHECK(events == 2 * lines.all().size());
    }
  }
}

TEST_CASE("rejecting a line allocates nothing") {
  const std::string_view whole = "{\"uri\":\"/\"} {\"@timestamp\":\"then\"} GET / \xff";
  std::string text(whole);
  text.append(kLinePadding, ' ');
  for (const LogFormat format :
       {LogFormat::kAuto, LogFormat::kNginx, LogFormat::kTomcat, LogFormat::kCombined}) {
    INFO(LogFormatName(format));
    LineParser parser(LineFormat::Of(format));
    std::size_t events = 0;
    const std::uint64_t allocations = AllocationsOf([&] {
      for (std::size_t begin = 0; begin < whole.size(); ++begin) {
        const auto line = std::string_view(text).substr(begin, whole.size() - begin);
        events += parser.Parse(line).has_value() ? 1u : 0u;
      }
    });
    CHECK(allocations == 0);
    CHECK(events == 0);
  }
}

TEST_CASE("appending an event to a record with room allocates nothing") {
  for (const Log& log : kLogs) {
    INFO(log.name);
    const Lines lines(log.name);
    LineParser parser(LineFormat::Of(log.format));
    std::string record;
    const std::uint64_t allocations = AllocationsOf([&] {
      record.clear();
      for (const std::string_view line : lines.all()) {
        if (const auto event = parser.Parse(line)) AppendEvent(0, *event, &record);
      }
    });
    CHECK(allocations == 0);
    CHECK(record.size() > 50 * lines.all().size());
  }
}

TEST_CASE("a route that is remembered is found without an allocation") {
  constexpr int kPaths = 1000;
  RouteRule rule;
  rule.path = "/orders/{id}";
  auto routes = RouteMatcher::Create({rule}, "routes.yaml");
  REQUIRE(routes.has_value());
  std::vector<std::string> paths;
  paths.reserve(kPaths);
  for (int i = 0; i < kPaths; ++i) {
    paths.push_back((i % 2 == 0 ? "/orders/" : "/customers/") + std::to_string(i));
  }
  int by_rule = 0;
  const std::uint64_t allocations = AllocationsOf([&] {
    for (const std::string& path : paths) {
      by_rule += routes->Match("GET", "shop.example.com", path).rule == 0 ? 1 : 0;
    }
  });
  CHECK(allocations == 0);
  CHECK(by_rule == kPaths);
}
