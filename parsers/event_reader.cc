// The record's value, read back. A line is mostly as we write it; else it is an object like a
// log's, under the record's own keys.
#include <cstring>

#include "parsers/decimal.h"
#include "parsers/event_record.h"
#include "parsers/json_fields.h"
#include "parsers/line_parser.h"
#include "parsers/written_event.h"

namespace routerate {
namespace {

using enum LogField;

constexpr KeyName kRecordKeys[] = {
    {"offset", kOffset},      {"ts", kPreciseTime}, {"method", kMethod},   {"host", kHost},
    {"path", kPath},          {"query", kQuery},    {"status", kStatus},   {"bytes", kBytes},
    {"duration_ms", kMillis}, {"client", kClient},  {"referer", kReferer}, {"agent", kAgent},
    {"user", kUser},
};
constexpr KeyTable kRecordTable(kRecordKeys);

// A number that may be left out: *out keeps its value then. False for what is no number.
template <typename Integer>
bool ReadNumber(std::string_view text, int scale, Integer* out) {
  if (text.data() == nullptr) return true;
  const auto value = ParseDecimal(text, scale);
  if (!value) return false;
  *out = static_cast<Integer>(*value);
  return true;
}

// False if the fields are not an event's.
bool ToEvent(const LogFields& fields, RecordedEvent* out) {
  AccessEvent& event = out->event;
  std::int64_t status = 0;
  const bool numbers =
      fields.Has(kOffset) && ReadNumber(fields[kOffset], 0, &out->offset) &&
      fields.Has(kPreciseTime) && ReadNumber(fields[kPreciseTime], 0, &event.ts_ms) &&
      ReadNumber(fields[kStatus], 0, &status) && ReadNumber(fields[kBytes], 0, &event.bytes) &&
      ReadNumber(fields[kMillis], 3, &event.duration_us);
  if (!numbers || (status != 0 && (status < 100 || status > 999))) return false;
  event.status = static_cast<int>(status);
  event.method = fields[kMethod];
  event.host = fields[kHost];
  event.path = fields[kPath];
  event.query = fields[kQuery];
  event.client = fields[kClient];
  event.referer = fields[kReferer];
  event.agent = fields[kAgent];
  event.user = fields[kUser];
  return true;
}

}  // namespace

struct EventReader::State {
  std::string value;  // the record's, and kLinePadding bytes
  TextScratch texts;

  void Copy(std::string_view record) {
    if (value.size() < record.size() + kLinePadding) value.resize(record.size() + kLinePadding);
    std::memcpy(value.data(), record.data(), record.size());
  }

  bool ReadLine(std::string_view line, RecordedEvent* out) {
    LogFields fields;
    static const LineShape kAnyOrder;
    return ReadJsonFields(line, kRecordTable, kAnyOrder, &fields) &&
           UnescapeTexts(line, Escapes::kJson, BareTexts::kNone, &texts, &fields) !=
               Unescaped::kUnknown &&
           ToEvent(fields, out);
  }
};

EventReader::EventReader() : state_(std::make_unique<State>()) {}
EventReader::~EventReader() = default;

std::size_t EventReader::Read(std::string_view value,
                              const std::function<void(const RecordedEvent&)>& visit) {
  state_->Copy(value);
  std::string_view rest = std::string_view(state_->value).substr(0, value.size());
  std::size_t skipped = 0;
  while (!rest.empty()) {
    if (RecordedEvent event; const std::size_t size = ReadWrittenEvent(rest, &event)) {
      rest.remove_prefix(size);
      visit(event);
      continue;
    }
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    RecordedEvent event;
    if (state_->ReadLine(line, &event)) {
      visit(event);
    } else {
      ++skipped;
    }
  }
  return skipped;
}

}  // namespace routerate
