// From a line's fields to its event: which of several fields is believed, and what a text means.
#include "parsers/log_fields.h"

#include <functional>
#include <optional>

#include "parsers/decimal.h"
#include "parsers/request_line.h"

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

std::optional<Rejection> ReadTime(const LogFields& fields, std::string_view line,
                                  TimestampMemo* times, std::int64_t* ts_ms) {
  std::string_view unread;
  for (const LogField field : {kPreciseTime, kTime, kLocalTime}) {
    const std::string_view text = fields.Value(field);
    if (text.empty()) continue;
    if (times->Parse(text, ts_ms)) return std::nullopt;
    if (unread.empty()) unread = text;
  }
  if (unread.empty()) return Rejection{RejectReason::kNoTime, 1};
  return Rejection{RejectReason::kBadTime, ColumnOf(unread, line)};
}

// Method, path, query and, for want of a better, host.
void ReadTarget(const LogFields& fields, AccessEvent* event) {
  const std::string_view method = fields.Value(kMethod);
  RequestLine line = SplitRequestLine(method);
  if (line.method.empty()) {
    const bool broken_line = method.find(' ') != std::string_view::npos;
    line = broken_line ? RequestLine() : SplitRequestLine(fields.Value(kRequest));
    if (!broken_line && !method.empty()) line.method = method;
  }
  event->method = line.method;

  std::string_view target = fields.Value(kRequestUri);
  if (target.empty()) target = line.target;
  SplitTarget(target, event);
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

bool Assign(std::optional<std::int64_t> value, std::int64_t* out) {
  if (value) *out = *value;
  return value.has_value();
}

// Leaves *out alone when the field is absent; false when it is there and no number.
bool ReadNumber(const LogFields& fields, LogField field, int scale, std::int64_t* out) {
  const std::string_view text = fields.Value(field);
  return text.empty() || Assign(ParseDecimal(text, scale), out);
}

// The field that is no number; kNone: all are.
LogField ReadNumbers(const LogFields& fields, AccessEvent* event) {
  std::int64_t status = 0;
  if (!ReadNumber(fields, kStatus, 0, &status) || status > 999) return kStatus;
  // nginx writes 000 and 009 for requests that never had a status.
  event->status = status < 100 ? 0 : static_cast<int>(status);
  if (!ReadNumber(fields, kBytes, 0, &event->bytes)) return kBytes;
  // Later ones win: the duration in the finest unit that is there. One that is no number is absent:
  // in a pattern that is not known yet it may be a client's, who could hide his requests so.
  std::int64_t* const duration = &event->duration_us;
  (void)ReadNumber(fields, kCommitMillis, 3, duration);
  (void)ReadNumber(fields, kSeconds, 6, duration);
  (void)ReadNumber(fields, kMillis, 3, duration);
  (void)ReadNumber(fields, kMicros, 0, duration);
  return kNone;
}

}  // namespace

std::optional<Rejection> ReadAccessEvent(const LogFields& fields, std::string_view line,
                                         TimestampMemo* times, AccessEvent* event) {
  if (const auto rejection = ReadTime(fields, line, times, &event->ts_ms)) return rejection;
  if (const LogField bad = ReadNumbers(fields, event); bad != kNone) {
    return Rejection{RejectReason::kBadNumber, ColumnOf(fields[bad], line)};
  }
  ReadTarget(fields, event);
  ReadHost(fields, event);
  event->client = fields.Value(kClient);
  event->referer = fields.Value(kReferer);
  event->agent = fields.Value(kAgent);
  event->user = fields.Value(kUser);
  return std::nullopt;
}

}  // namespace routerate
