// An event is the object in one line.
#include "aggregator/overview_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "aggregator/overview_json.h"
#include "aggregator/overview_query.h"

namespace routerate {
namespace {

constexpr Millis kEvery{1000};
constexpr std::string_view kEventStream = "text/event-stream";

bool WantsEvents(const HttpRequest& request) {
  return std::ranges::any_of(request.Values("Accept"), [](std::string_view value) {
    return value.find(kEventStream) != std::string_view::npos;
  });
}

}  // namespace

OverviewPage::OverviewPage(Latest latest)
    : latest_(std::move(latest)), shown_(std::make_shared<SharedPieces>()) {}

HttpResponse OverviewPage::Answer(const HttpRequest& request) const {
  auto query = OverviewQuery::Parse(request.query);
  if (!query) return {.status = 400, .body = query.error().message + "\n"};
  if (!WantsEvents(request)) {
    return {.content_type = "application/json", .body = OverviewJson(*query, *latest_()) + "\n"};
  }
  HttpResponse response{.content_type = std::string(kEventStream)};
  response.stream =
      HttpStream{.every = kEvery,
                 .next = [latest = latest_, shown = shown_, question = request.query,
                          asked = std::make_shared<const OverviewQuery>(std::move(*query))] {
                   return shown->Of(latest(), question, [&](const StatsSnapshot& snapshot) {
                     return fmt::format("data: {}\n\n", OverviewJson(*asked, snapshot));
                   });
                 }};
  return response;
}

}  // namespace routerate
