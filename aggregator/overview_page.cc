// An event is the object in one line.
#include "aggregator/overview_page.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "aggregator/overview_json.h"
#include "aggregator/overview_query.h"

namespace routerate {
namespace {

constexpr Millis kEvery{1000};
constexpr std::string_view kEventStream = "text/event-stream";

}  // namespace

HttpResponse OverviewPage::Answer(const HttpRequest& request) const {
  auto query = OverviewQuery::Parse(request.query);
  if (!query) return Refusal(400, query.error().message);
  if (!request.Accepts(kEventStream)) {
    return {.content_type = "application/json",
            .body = OverviewJson(*query, *streams_.Latest()) + "\n"};
  }
  HttpResponse response{.content_type = std::string(kEventStream)};
  response.stream =
      streams_.Open(kEvery, request.query,
                    [asked = std::make_shared<const OverviewQuery>(std::move(*query))](
                        const StatsSnapshot& snapshot) {
                      return fmt::format("data: {}\n\n", OverviewJson(*asked, snapshot));
                    });
  return response;
}

}  // namespace routerate
