// The promises of access_event.h and docs/record.md, judged without the code that keeps them:
// Boost.JSON reads the record and checks its UTF-8.
#include "tests/fuzz/checked_event.h"

#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "parsers/event_record.h"

namespace routerate {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kOffset = 77;

struct NamedText {
  const char* name;
  std::string_view text;
};

std::array<NamedText, 8> TextsOf(const AccessEvent& e) {
  return {{{"method", e.method},
           {"host", e.host},
           {"path", e.path},
           {"query", e.query},
           {"client", e.client},
           {"referer", e.referer},
           {"agent", e.agent},
           {"user", e.user}}};
}

json::value Parsed(std::string_view record) {
  json::error_code error;
  json::value value = json::parse(json::string_view(record.data(), record.size()), error);
  Promise(!error && value.is_object(), "a record's line is JSON", record);
  return value;
}

void CheckTexts(const json::object& object, const AccessEvent& event, std::string_view record) {
  for (const auto& [name, text] : TextsOf(event)) {
    const json::value* const found = object.if_contains(name);
    Promise((found == nullptr) == text.empty(), "a record has the texts that are there", record);
    if (found == nullptr) continue;
    const json::string& said = found->as_string();
    Promise(std::string_view(said.data(), said.size()) == text, "a record's text is the event's",
            record);
  }
}

void CheckNumber(const json::object& object, const char* name, bool there, double wanted,
                 std::string_view record) {
  const json::value* const found = object.if_contains(name);
  Promise((found != nullptr) == there, "a record has the numbers that are there", record);
  if (found == nullptr) return;
  const double said = found->to_number<double>();
  Promise(std::abs(said - wanted) <= std::abs(wanted) * 1e-12 + 1e-9,
          "a record's number is the event's", record);
}

void CheckBounds(const AccessEvent& event, std::string_view record) {
  Promise(event.ts_ms >= 0, "time begins in 1970", record);
  Promise(event.status == 0 || (event.status >= 100 && event.status <= 999),
          "a status is 0 or 100 to 999", record);
  Promise(event.bytes >= -1, "bytes are counted, or -1", record);
  Promise(event.duration_us >= -1, "a duration is measured, or -1", record);
}

}  // namespace

void Promise(bool holds, std::string_view sentence, std::string_view on_what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %.*s\non: %.*s\n", static_cast<int>(sentence.size()),
               sentence.data(), static_cast<int>(on_what.size()), on_what.data());
  std::abort();
}

void CheckEventPromises(const AccessEvent& event) {
  std::string record;
  AppendEvent(kOffset, event, &record);
  Promise(record.ends_with('\n') && record.find('\n') == record.size() - 1,
          "a record's line is one line", record);
  const json::value value = Parsed(std::string_view(record).substr(0, record.size() - 1));
  const json::object& object = value.as_object();
  CheckBounds(event, record);
  CheckTexts(object, event, record);
  CheckNumber(object, "offset", true, kOffset, record);
  CheckNumber(object, "ts", true, static_cast<double>(event.ts_ms), record);
  CheckNumber(object, "status", event.status != 0, event.status, record);
  CheckNumber(object, "bytes", event.bytes >= 0, static_cast<double>(event.bytes), record);
  CheckNumber(object, "duration_ms", event.duration_us >= 0,
              static_cast<double>(event.duration_us) / 1000, record);
}

bool SameEvent(const AccessEvent& a, const AccessEvent& b) {
  const auto texts_a = TextsOf(a);
  const auto texts_b = TextsOf(b);
  for (std::size_t i = 0; i < texts_a.size(); ++i) {
    if (texts_a[i].text != texts_b[i].text) return false;
  }
  return a.ts_ms == b.ts_ms && a.status == b.status && a.bytes == b.bytes &&
         a.duration_us == b.duration_us;
}

}  // namespace routerate
