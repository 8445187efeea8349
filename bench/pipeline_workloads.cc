// A log is read the way a file is: block by block, each split into lines, each line parsed.
#include "bench/pipeline_workloads.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "agent/line_splitter.h"
#include "base/check.h"
#include "parsers/event_record.h"
#include "parsers/line_parser.h"
#include "parsers/request_summary.h"
#include "parsers/route_matcher.h"

namespace routerate::bench {
namespace {

constexpr std::size_t kBlock = 256 << 10;
constexpr std::uint64_t kMaxLine = 64 << 10;

// A routes.yaml of ordinary size. What fits none of them has an automatic template.
std::vector<RouteRule> UsualRules() {
  std::vector<RouteRule> rules;
  const auto add = [&](std::string path, std::string method) {
    RouteRule rule;
    rule.path = std::move(path);
    rule.method = std::move(method);
    rules.push_back(std::move(rule));
  };
  add("/orders/{id}", {});
  add("/myapp/orders/{id}", {});
  add("/cart/{cart}/items", "POST");
  add("/cart/{cart}/items", {});
  add("/static/**", {});
  add("/products/{sku:[A-Z]{3}-[0-9]+}", {});
  add("/api/v1/users/{id}/profile", "GET");
  add("/checkout/**", {});
  for (int i = 0; i < 12; ++i) add(fmt::format("/service-{}/{{id}}/**", i), {});
  return rules;
}

RouteMatcher UsualRoutes() {
  auto routes = RouteMatcher::Create(UsualRules(), "routes.yaml");
  RR_CHECK(routes.has_value());
  return *std::move(routes);
}

// What is kept from one pass to the next, as an agent keeps it from one block to the next.
class LogReader {
 public:
  LogReader(const LogKind& kind, std::string_view text)
      : text_(text), parser_(LineFormat::Of(kind.format)), routes_(UsualRoutes()) {}

  Pass Parse() {
    return ForEachEvent([](std::uint64_t, const AccessEvent& event) {
      return event.path.size() + static_cast<std::uint64_t>(event.ts_ms + event.status);
    });
  }
  Pass Route() {
    return ForEachEvent([this](std::uint64_t, const AccessEvent& event) {
      return routes_.Match(event.method, event.host, event.path).route.size();
    });
  }
  Pass Encode() {
    record_.clear();
    return ForEachEvent([this](std::uint64_t offset, const AccessEvent& event) {
      // The agent's batches are of this size.
      if (record_.size() > kBlock) record_.clear();
      AppendEvent(offset, event, &record_);
      return record_.size();
    });
  }
  // A second's lines are one, at 50,000 a second.
  Pass Summarise() {
    constexpr std::uint64_t kLinesASummary = 50'000;
    summary_ = {};
    lines_ = 0;
    return ForEachEvent([this](std::uint64_t offset, const AccessEvent& event) {
      if (++lines_ == kLinesASummary) {
        record_ = std::exchange(summary_, {}).Encode();
        lines_ = 0;
      }
      AccessEvent now = event;
      now.ts_ms = 0;
      summary_.Add(offset, now, routes_);
      return summary_.most_bytes();
    });
  }

 private:
  // take(offset, event) returns what goes into the checksum.
  template <typename Take>
  Pass ForEachEvent(Take take) {
    Pass pass;
    std::size_t begin = 0;
    while (begin < text_.size()) {
      const auto outcome = splitter_.Split(text_.substr(begin, kBlock),
                                           [&](std::size_t position, std::string_view line) {
                                             if (const auto event = parser_.Parse(line)) {
                                               ++pass.understood;
                                               pass.checksum += take(begin + position, *event);
                                             }
                                             return LineSplitter::Visited::kGoOn;
                                           });
      RR_CHECK(outcome.consumed > 0);  // no NUL in it, and no line as long as a block
      begin += outcome.consumed;
    }
    return pass;
  }

  std::string_view text_;
  LineSplitter splitter_{kMaxLine};
  LineParser parser_;
  RouteMatcher routes_;
  std::string record_;
  RequestSummary summary_;
  std::uint64_t lines_ = 0;  // in it
};

Workload Step(const LogKind& kind, const std::string& step, std::string what, LogTexts* texts,
              Pass (LogReader::*run)()) {
  // Damaged lines are compared with clean ones, clean ones with bare On-Demand.
  std::string baseline;
  if (!kind.clean.empty()) {
    baseline = fmt::format("{}/{}", kind.clean, step);
  } else if (kind.layout != LogLayout::kNoJson) {
    baseline = fmt::format("{}/ondemand", kind.name);
  }
  const auto prepare = [&kind, texts, run] {
    const LogText& log = texts->Of(kind);
    const auto reader = std::make_shared<LogReader>(kind, log.text());
    return PreparedWorkload{.lines = log.lines(), .bytes = log.text().size(), .run = [reader, run] {
                              return ((*reader).*run)();
                            }};
  };
  return {fmt::format("{}/{}", kind.name, step), baseline, std::move(what), prepare};
}

}  // namespace

std::vector<Workload> PipelineWorkloads(const LogKind& kind, LogTexts* texts) {
  return {Step(kind, "split+parse", "a block into lines, a line into an event", texts,
               &LogReader::Parse),
          Step(kind, "split+parse+route", "... an event to its route, with 20 rules", texts,
               &LogReader::Route),
          Step(kind, "split+parse+encode", "... an event into the Kafka record", texts,
               &LogReader::Encode),
          Step(kind, "split+parse+summarise", "... events into a summary of a second", texts,
               &LogReader::Summarise)};
}

}  // namespace routerate::bench
