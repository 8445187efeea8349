// The walk over a line's keys, with the line before as a guide: a server writes the same keys in
// the same order for ever, so the next key is compared with one, not looked up.
#include "parsers/json_fields.h"

#include <functional>

#include "parsers/json_structure.h"
#include "parsers/json_walk.h"
#include "parsers/nowhere.h"

namespace routerate {
namespace {

using enum LogField;

bool IsRequestText(LogField field) {
  return field == kMethod || field == kRequest || field == kRequestUri || field == kUri ||
         field == kQuery;
}

}  // namespace

std::expected<JsonKeys, Rejection> ReadJsonFields(std::string_view line, const KeyTable& keys,
                                                  const LineShape& expected, LogFields* fields) {
  const auto structure = FindJsonStructure(line);
  if (!structure) return std::unexpected(Rejection{structure.error(), 1});
  if (expected.Read(line, *structure, fields)) return JsonKeys{.count = expected.size()};
  *fields = {};
  JsonKeys seen{.as_expected = false};
  const auto failed = JsonWalk(line, *structure).Run([&](const JsonItem& item) {
    const LogField field = keys.FindIn(item.owner, item.key);
    ++seen.count;
    if (field == kNone) return;
    if (fields->Has(field)) {
      seen.repeated = true;
    } else if (item.quotes == Quotes::kBoth || !IsJsonWord(item.text)) {
      (*fields)[field] = item.text;
    }
  });
  if (failed) return std::unexpected(Rejection{RejectReason::kNotJson, *failed + 1});
  return seen;
}

Unescaped UnescapeTexts(std::string_view line, Escapes escapes, BareTexts bare,
                        TextScratch* scratch, LogFields* fields) {
  const std::size_t first = bare == BareTexts::kAll ? kNowhere : line.find('\\');
  if (first == kNowhere) return Unescaped::kNothing;
  const std::less_equal<> ends_before;
  auto outcome = Unescaped::kAll;
  scratch->Begin(UnescapeRoom(line.size()));
  for (std::size_t i = 0; i < kLogFieldCount; ++i) {
    const auto field = static_cast<LogField>(i);
    const std::string_view escaped = (*fields)[field];
    if (ends_before(escaped.data() + escaped.size(), line.data() + first)) continue;
    if (bare == BareTexts::kRequest && IsRequestText(field)) continue;
    const auto text = Unescape(escaped, escapes, scratch);
    if (text) {
      (*fields)[field] = *text;
    } else {
      outcome = Unescaped::kUnknown;
    }
  }
  return outcome;
}

}  // namespace routerate
