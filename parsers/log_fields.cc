// From a line's fields to its event: which of several fields is believed, and what a text means.
#include "parsers/log_fields.h"

#include <functional>
#include <optional>

#include "parsers/decimal.h"
#include "parsers/request_line.h"
#include "parsers/timestamp.h"

namespace routerate {
namespace {

using enum LogField;

// Where `part` begins in `line`, 1-based; 1 if it lies elsewhere, in scratch space.
std::size_t ColumnOf(std::string_view part, std::string_view line) {
  const std::less_equal<> before;
  const char* const end = line.data() + line.size();
  if (part.data() == nullptr || !before(line.data(), part.data()) || !before(part.data(), end)) {
    return 1;
  }
  return static_cast<std::size_t>(part.data() - line.data()) + 1;
}

std::expected<std::int64_t, Rejection> ReadTime(const LogFields& fields, std::string_view line) {
  std::string_view unread;
  for (const LogField field : {kPreciseTime, kTime, kLocalTime}) {
    const std::string_view text = fields.Value(field);
    if (text.empty()) continue;
    if (const auto ts_ms = ParseTimestamp(text)) return *ts_ms;
    if (unread.empty()) unread = text;
  }
  if (unread.empty()) return std::unexpected(Rejection{RejectReason::kNoTime, 1});
  return std::unexpected(Rejection{RejectReason::kBadTime, ColumnOf(unread, line)});
}

// Method, path, query and, for want of a better, host.
void ReadTarget(const LogFields& fields, AccessEvent* event) {
  const std::string_view method = fields.Value(kMethod);
  const bool holds_line = method.find(' ') != std::string_view::npos;
  const RequestLine line = SplitRequestLine(holds_line ? method : fields.Value(kRequest));
  event->method = holds_line || method.empty() ? line.method : method;

  std::string_view target = fields.Value(kRequestUri);
  if (target.empty()) target = line.target;
  const RequestTarget parts = SplitTarget(target);
  event->path = parts.path;
  event->query = parts.query;
  event->host = parts.host;
  // Decoded already: a '?' in it is part of the path.
  if (event->path.empty()) event->path = fields.Value(kUri);
  if (event->query.empty()) {
    event->query = fields.Value(kQuery);
    if (event->query.starts_with('?')) event->query.remove_prefix(1);
  }
  if (event->query == "-") event->query = {};
}

void ReadHost(const LogFields& fields, AccessEvent* event) {
  for (const LogField field : {kDomain, kHttpHost}) {
    if (const auto host = fields.Value(field); !host.empty()) {
      event->host = host;
      return;
    }
  }
  if (fields.Has(kDomain) || fields.Has(kHttpHost)) return;
  for (const LogField field : {kHost, kServerName}) {
    if (const auto host = fields.Value(field); !host.empty()) {
      event->host = host;
      return;
    }
  }
}

// Leaves *out alone when the field is absent; false when it is there and no number.
bool ReadNumber(const LogFields& fields, LogField field, int scale, std::int64_t* out) {
  const std::string_view text = fields.Value(field);
  if (text.empty()) return true;
  const auto value = ParseDecimal(text, scale);
  if (value) *out = *value;
  return value.has_value();
}

struct Number {
  LogField field;
  int scale;
  std::int64_t* out;
};

std::optional<Rejection> ReadNumbers(const LogFields& fields, std::string_view line,
                                     AccessEvent* event) {
  std::int64_t status = 0;
  // Later ones win: the duration in the finest unit that is there.
  const Number numbers[] = {
      {kStatus, 0, &status},
      {kBytes, 0, &event->bytes},
      {kCommitMillis, 3, &event->duration_us},
      {kSeconds, 6, &event->duration_us},
      {kMillis, 3, &event->duration_us},
      {kMicros, 0, &event->duration_us},
  };
  for (const Number& number : numbers) {
    if (!ReadNumber(fields, number.field, number.scale, number.out)) {
      return Rejection{RejectReason::kBadNumber, ColumnOf(fields[number.field], line)};
    }
  }
  if (status > 999) return Rejection{RejectReason::kBadNumber, ColumnOf(fields[kStatus], line)};
  // nginx writes 000 and 009 for requests that never had a status.
  event->status = status < 100 ? 0 : static_cast<int>(status);
  return std::nullopt;
}

}  // namespace

std::expected<AccessEvent, Rejection> AccessEventFrom(const LogFields& fields,
                                                      std::string_view line) {
  AccessEvent event;
  const auto ts_ms = ReadTime(fields, line);
  if (!ts_ms) return std::unexpected(ts_ms.error());
  event.ts_ms = *ts_ms;
  if (const auto rejection = ReadNumbers(fields, line, &event)) return std::unexpected(*rejection);
  ReadTarget(fields, &event);
  ReadHost(fields, &event);
  event.client = fields.Value(kClient);
  event.referer = fields.Value(kReferer);
  event.agent = fields.Value(kAgent);
  event.user = fields.Value(kUser);
  return event;
}

}  // namespace routerate
