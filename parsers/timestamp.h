// The time notations of access logs, as milliseconds since 1970 UTC. Pure: no locale, no time zone
// database, no C library time. Each returns nullopt for text that is not wholly in its notation,
// that names no real day or time, or that lies outside the years 1970 to 9999.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace routerate {

// ISO 8601 with a zone: "2026-11-22T23:59:44+08:00", "...44.439Z", "...44,439+0800"; a space may
// stand for the T. Without a zone the instant is not known, so that is a failure.
std::optional<std::int64_t> ParseIso8601(std::string_view text);

// The common log format: "22/Nov/2026:23:59:44 +0800", with or without brackets; a fraction of a
// second (tomcat's msec_frac) may follow the seconds.
std::optional<std::int64_t> ParseClfTime(std::string_view text);

// Epoch seconds with or without a fraction ("1795363184.439"); twelve digits or more before the
// point are milliseconds.
std::optional<std::int64_t> ParseEpoch(std::string_view text);

// Any of the above.
std::optional<std::int64_t> ParseTimestamp(std::string_view text);

}  // namespace routerate
