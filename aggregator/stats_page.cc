// The forms, and the streams that share their texts.
#include "aggregator/stats_page.h"

#include <utility>

#include "aggregator/stats_csv.h"
#include "aggregator/stats_json.h"
#include "aggregator/stats_metrics.h"
#include "aggregator/stats_prom.h"
#include "aggregator/stats_query.h"
#include "aggregator/stats_text.h"

namespace routerate {
namespace {

// ECMA-48: the cursor to the upper left, and all behind it erased.
constexpr std::string_view kClear = "\x1B[H\x1B[J";

const char* ContentType(StatsFormat format) {
  switch (format) {
    case StatsFormat::kText:
      break;
    case StatsFormat::kJson:
      return "application/json";
    case StatsFormat::kCsv:
      return "text/csv; charset=utf-8; header=present";
    case StatsFormat::kNdjson:
      return "application/x-ndjson";
    case StatsFormat::kProm:
      return kMetricsContentType;
  }
  return "text/plain; charset=utf-8";
}

std::string Text(const StatsQuery& query, const std::vector<StatsRow>& rows) {
  if (query.colour() == StatsColour::kNone) return StatsText(rows, query.by());
  return ColouredStatsText(rows, query.by());
}

std::string Once(const StatsQuery& query, const StatsSnapshot& snapshot) {
  const auto rows = query.Rows(snapshot);
  switch (query.format()) {
    case StatsFormat::kText:
      break;
    case StatsFormat::kJson:
      return StatsJson(rows);
    case StatsFormat::kCsv:
      return StatsCsv(rows);
    case StatsFormat::kNdjson:
      return StatsNdjson(rows);
    case StatsFormat::kProm:
      return StatsProm(rows);
  }
  return Text(query, rows);
}

// One of many.
std::string Piece(const StatsQuery& query, const StatsSnapshot& snapshot) {
  const auto rows = query.Rows(snapshot);
  if (query.format() == StatsFormat::kNdjson) return StatsNdjson(rows, snapshot.made_at_ms);
  if (query.colour() == StatsColour::kAnsi) return std::string(kClear) + Text(query, rows);
  return Text(query, rows) + "\n";
}

}  // namespace

HttpResponse StatsPage::Answer(const HttpRequest& request) const {
  auto query = StatsQuery::Parse(request.query);
  if (!query) return Refusal(400, query.error().message);
  HttpResponse response{.content_type = ContentType(query->format())};
  if (!query->watch()) {
    response.body = Once(*query, *streams_.Latest());
    return response;
  }
  const Millis every = *query->watch();
  response.stream =
      streams_.Open(every, request.query,
                    [asked = std::make_shared<const StatsQuery>(std::move(*query))](
                        const StatsSnapshot& snapshot) { return Piece(*asked, snapshot); });
  return response;
}

}  // namespace routerate
