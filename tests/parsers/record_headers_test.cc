// The Kafka record's headers.
#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <set>

#include "parsers/event_record.h"

using namespace routerate;

namespace {

using Views = std::vector<std::pair<std::string_view, std::string_view>>;

const Views kEvents = {{"rr-version", "1"},
                       {"rr-kind", "events"},
                       {"rr-source", "shop/web/pod-1"},
                       {"rr-file", "f1"},
                       {"rr-watermark", "1795363184439"}};

// The headers of kEvents with one changed, or left out when `value` is null.
Views With(std::string_view name, const char* value) {
  Views headers;
  for (const auto& header : kEvents) {
    if (header.first != name) headers.push_back(header);
  }
  if (value != nullptr) headers.emplace_back(name, value);
  return headers;
}

}  // namespace

TEST_CASE("headers come back as they were, of every kind") {
  for (const RecordKind kind :
       {RecordKind::kEvents, RecordKind::kSummary, RecordKind::kHeartbeat, RecordKind::kGoodbye}) {
    const bool of_file = kind == RecordKind::kEvents || kind == RecordKind::kSummary;
    RecordHeaders sent{kind, "shop/web/pod-1", of_file ? "f1" : "", 1234};
    if (kind == RecordKind::kSummary) sent.lines = {120, 4567};
    const HeaderPairs pairs = EncodeHeaders(sent);
    const auto received = DecodeHeaders(Views(pairs.begin(), pairs.end()));
    REQUIRE(received.has_value());
    CHECK(received->kind == sent.kind);
    CHECK(received->source == sent.source);
    CHECK(received->file == sent.file);
    CHECK(received->watermark_ms == sent.watermark_ms);
    CHECK(received->lines.first == sent.lines.first);
    CHECK(received->lines.last == sent.lines.last);
  }
}

TEST_CASE("order and unknown headers do not matter, and of repeated ones the first counts") {
  Views headers(kEvents.rbegin(), kEvents.rend());
  headers.emplace_back("rr-version", "2");
  headers.emplace_back("rr-kind", "goodbye");
  headers.emplace_back("traceparent", "x");
  const auto received = DecodeHeaders(headers);
  REQUIRE(received.has_value());
  CHECK(received->kind == RecordKind::kEvents);
  CHECK(received->file == "f1");
}

TEST_CASE("a record without a watermark has none") {
  const auto received = DecodeHeaders(With("rr-watermark", nullptr));
  REQUIRE(received.has_value());
  CHECK(received->watermark_ms == 0);
}

TEST_CASE("a record that is not known is refused by reason") {
  struct Case {
    const char *name, *value;
    RecordError error;
  };
  for (const Case& c : {
           Case{"rr-version", nullptr, RecordError::kNoVersion},
           Case{"rr-version", "2", RecordError::kUnknownVersion},
           Case{"rr-version", "", RecordError::kUnknownVersion},
           Case{"rr-kind", nullptr, RecordError::kUnknownKind},
           Case{"rr-kind", "Events", RecordError::kUnknownKind},
           Case{"rr-source", nullptr, RecordError::kBadSource},
           Case{"rr-source", "shop/web", RecordError::kBadSource},
           Case{"rr-source", "shop//pod", RecordError::kBadSource},
           Case{"rr-source", "/web/pod", RecordError::kBadSource},
           Case{"rr-source", "shop/web/", RecordError::kBadSource},
           Case{"rr-source", "a/b/c/d", RecordError::kBadSource},
           Case{"rr-source", "a/b/\xFF", RecordError::kBadSource},
           Case{"rr-file", nullptr, RecordError::kNoFile},
           Case{"rr-watermark", "soon", RecordError::kBadWatermark},
           Case{"rr-watermark", "-1", RecordError::kBadWatermark},
       }) {
    INFO(c.name << " " << (c.value == nullptr ? "left out" : c.value));
    const auto received = DecodeHeaders(With(c.name, c.value));
    REQUIRE(!received.has_value());
    CHECK(received.error() == c.error);
  }
}

TEST_CASE("a summary says which file's lines it is of") {
  Views summary = With("rr-kind", "summary");
  const auto error_with = [&](std::string_view first, std::string_view last) {
    Views headers = summary;
    headers.emplace_back("rr-first", first);
    headers.emplace_back("rr-last", last);
    const auto received = DecodeHeaders(headers);
    return received ? std::optional<RecordError>() : received.error();
  };
  CHECK(error_with("0", "0") == std::nullopt);
  CHECK(error_with("2", "1") == RecordError::kBadRange);
  CHECK(error_with("-1", "1") == RecordError::kBadRange);
  CHECK(error_with("", "1") == RecordError::kBadRange);
  CHECK(DecodeHeaders(summary).error() == RecordError::kBadRange);
  std::erase_if(summary, [](const auto& header) { return header.first == "rr-file"; });
  CHECK(error_with("0", "0") == RecordError::kNoFile);
}

TEST_CASE("record errors have names of their own") {
  std::set<std::string_view> names;
  for (int i = 0; i < kRecordErrorCount; ++i) names.insert(RecordErrorName(RecordError(i)));
  CHECK(names.size() == kRecordErrorCount);
}
