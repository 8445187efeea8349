// The walk over a line's keys, with the line before as a guide: a server writes the same keys in
// the same order for ever, so the next key is compared with one, not looked up.
#include "parsers/json_fields.h"

#include "parsers/json_structure.h"
#include "parsers/json_walk.h"

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
  if (bare == BareTexts::kAll || line.find('\\') == std::string_view::npos) {
    return Unescaped::kNothing;
  }
  auto outcome = Unescaped::kAll;
  scratch->Begin(UnescapeRoom(line.size()));
  for (std::size_t i = 0; i < kLogFieldCount; ++i) {
    const auto field = static_cast<LogField>(i);
    if (!fields->Has(field) || (bare == BareTexts::kRequest && IsRequestText(field))) continue;
    const auto text = Unescape((*fields)[field], escapes, scratch);
    if (text) {
      (*fields)[field] = *text;
    } else {
      outcome = Unescaped::kUnknown;
    }
  }
  return outcome;
}

}  // namespace routerate
