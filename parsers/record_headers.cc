// The Kafka record's headers: what a record is, whose it is, and how far its source has got.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>

#include "parsers/decimal.h"
#include "parsers/event_record.h"

namespace routerate {
namespace {

constexpr std::array<std::string_view, 4> kKindNames = {"events", "summary", "heartbeat",
                                                        "goodbye"};
constexpr std::array<std::string_view, kRecordErrorCount> kErrorNames = {
    "no_version", "unknown_version", "unknown_kind", "bad_source",
    "no_file",    "bad_watermark",   "bad_range",    "bad_event"};

// The first header of this name; nullopt without one.
std::optional<std::string_view> Find(HeaderViews headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<RecordKind> KindFromName(std::string_view name) {
  for (std::size_t i = 0; i < kKindNames.size(); ++i) {
    if (kKindNames[i] == name) return static_cast<RecordKind>(i);
  }
  return std::nullopt;
}

// "namespace/service/pod", each of at least one byte, in UTF-8: they become label values.
bool IsSource(std::string_view source) {
  const bool three_parts = std::count(source.begin(), source.end(), '/') == 2 &&
                           source.find("//") == std::string_view::npos &&
                           !source.starts_with('/') && !source.ends_with('/');
  return three_parts && simdjson::validate_utf8(source);
}

// nullopt: there is none, or it is not one.
std::optional<LineRange> FindRange(HeaderViews headers) {
  const auto first = ParseDecimal(Find(headers, "rr-first").value_or(""), 0);
  const auto last = ParseDecimal(Find(headers, "rr-last").value_or(""), 0);
  if (!first || !last || *first > *last) return std::nullopt;
  return LineRange{*first, *last};
}

// Whether its labels are some is seen when they are read: most were known before.
PodDescription FindPod(HeaderViews headers) {
  PodDescription pod;
  const std::string_view workload = Find(headers, "rr-workload").value_or("");
  const std::string_view labels = Find(headers, "rr-labels").value_or("");
  if (IsWorkload(workload)) pod.workload = workload;
  if (labels.size() <= kMostLabelsBytes) pod.labels = labels;
  return pod;
}

}  // namespace

HeaderPairs EncodeHeaders(const RecordHeaders& headers) {
  HeaderPairs pairs = {
      {"rr-version", std::to_string(kRecordVersion)},
      {"rr-kind", std::string(kKindNames[static_cast<std::size_t>(headers.kind)])},
      {"rr-source", headers.source},
  };
  if (!headers.file.empty()) pairs.emplace_back("rr-file", headers.file);
  pairs.emplace_back("rr-watermark", std::to_string(headers.watermark_ms));
  if (headers.kind == RecordKind::kSummary) {
    pairs.emplace_back("rr-first", std::to_string(headers.lines.first));
    pairs.emplace_back("rr-last", std::to_string(headers.lines.last));
  }
  if (headers.kind == RecordKind::kHeartbeat) {
    if (!headers.pod.workload.empty()) pairs.emplace_back("rr-workload", headers.pod.workload);
    if (!headers.pod.labels.empty()) pairs.emplace_back("rr-labels", headers.pod.labels);
  }
  return pairs;
}

std::string_view RecordErrorName(RecordError error) {
  return kErrorNames[static_cast<std::size_t>(error)];
}

std::expected<RecordHeaders, RecordError> DecodeHeaders(HeaderViews headers) {
  const auto version = Find(headers, "rr-version");
  if (!version) return std::unexpected(RecordError::kNoVersion);
  if (*version != std::to_string(kRecordVersion)) {
    return std::unexpected(RecordError::kUnknownVersion);
  }
  const auto kind = KindFromName(Find(headers, "rr-kind").value_or(""));
  if (!kind) return std::unexpected(RecordError::kUnknownKind);
  const std::string_view source = Find(headers, "rr-source").value_or("");
  if (!IsSource(source)) return std::unexpected(RecordError::kBadSource);
  const std::string_view file = Find(headers, "rr-file").value_or("");
  const bool of_file = *kind == RecordKind::kEvents || *kind == RecordKind::kSummary;
  if (of_file && file.empty()) return std::unexpected(RecordError::kNoFile);
  const auto watermark = ParseDecimal(Find(headers, "rr-watermark").value_or("0"), 0);
  if (!watermark) return std::unexpected(RecordError::kBadWatermark);
  RecordHeaders decoded{*kind, std::string(source), std::string(file), *watermark};
  if (*kind == RecordKind::kHeartbeat) decoded.pod = FindPod(headers);
  if (*kind != RecordKind::kSummary) return decoded;
  const auto lines = FindRange(headers);
  if (!lines) return std::unexpected(RecordError::kBadRange);
  decoded.lines = *lines;
  return decoded;
}

}  // namespace routerate
