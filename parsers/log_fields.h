// LogFields: what one log line says, by meaning, still as text. Each format fills it; one function
// (AccessEventFrom) makes the event of it, so that every format means the same by a path or a time.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "parsers/access_event.h"
#include "parsers/log_field.h"
#include "parsers/rejection.h"
#include "parsers/timestamp_memo.h"

namespace routerate {

// Views into the line or its scratch space. A key that the line does not have is a view of nothing
// (data() is null), one with an empty value is not.
struct LogFields {
  std::array<std::string_view, kLogFieldCount> text;

  std::string_view& operator[](LogField f) { return text[static_cast<std::size_t>(f)]; }
  std::string_view operator[](LogField f) const { return text[static_cast<std::size_t>(f)]; }
  bool Has(LogField f) const { return (*this)[f].data() != nullptr; }
  // "-" is how logs write nothing.
  std::string_view Value(LogField f) const {
    const std::string_view value = (*this)[f];
    return value == "-" ? std::string_view() : value;
  }
};

// Fills a fresh event, or says why not: kNoTime, kBadTime, kBadNumber, with the column in `line`.
std::optional<Rejection> ReadAccessEvent(const LogFields& fields, std::string_view line,
                                         TimestampMemo* times, AccessEvent* event);

}  // namespace routerate
