// The rows of a summary: their exact bytes, and that what is written is what is read.
#include "parsers/summary_record.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <utility>
#include <vector>

#include "parsers/event_record.h"
#include "tests/golden_text.h"
#include "tests/parsers/random_paths.h"

using namespace routerate;

namespace {

const SeriesKeyView kOrders{"/orders/{id}", "GET", {}};

RequestSample Sample(CodeClass code_class, std::uint64_t bytes, std::int64_t duration_us) {
  return {.code_class = code_class, .bytes = bytes, .duration_us = duration_us};
}

RequestCounts CountsOf(const std::vector<RequestSample>& samples) {
  RequestCounts counts;
  for (const RequestSample& sample : samples) counts.Add(sample);
  return counts;
}

std::string Row(std::int64_t second, const SeriesKeyView& key, RouteOrigin origin,
                std::string_view route_id, const RequestCounts& counts) {
  std::string row;
  AppendSummaryRow(second, SummaryNames(key, origin, route_id), counts, &row);
  return row;
}

std::string OneRequest() {
  return Row(1'795'312'800, kOrders, RouteOrigin::kRule, "get-orders-id",
             CountsOf({Sample(CodeClass::k2xx, 100, 5'000)}));
}

struct RowsRead {
  std::size_t rows = 0;
  std::size_t skipped = 0;
};

RowsRead ReadRows(const std::string& value) {
  SummaryReader reader;
  RowsRead result;
  result.skipped = reader.Read(value, [&](const SummaryRow&) { ++result.rows; });
  return result;
}

bool Same(const RequestCounts& a, const RequestCounts& b) {
  const auto same_bucket = [](const auto& x, const auto& y) {
    return x.index == y.index && x.count == y.count;
  };
  return a.requests == b.requests && a.bytes == b.bytes && a.latency.counts == b.latency.counts &&
         a.latency.count == b.latency.count && a.latency.sum_us == b.latency.sum_us &&
         a.sketch.count() == b.sketch.count() &&
         std::ranges::equal(a.sketch.buckets(), b.sketch.buckets(), same_bucket);
}

}  // namespace

TEST_CASE("a summary is byte for byte what docs/record.md says") {
  std::string text;
  const RecordHeaders headers{
      RecordKind::kSummary, "shop/web/web-7c9f", "2a-1f-9c", 1795312801000, {123456, 130944}};
  for (const auto& [name, content] : EncodeHeaders(headers)) text += name + ": " + content + "\n";
  text += Row(
      1'795'312'800, kOrders, RouteOrigin::kRule, "get-orders-id",
      CountsOf({Sample(CodeClass::k2xx, 5123, 12'000), Sample(CodeClass::k2xx, 5001, 4'000),
                Sample(CodeClass::k2xx, 4711, 11'900), Sample(CodeClass::k5xx, 0, 30'000'000)}));
  text += Row(1'795'312'801, {"/a\"b\\c\u00e9", "other", {}}, RouteOrigin::kAutomatic,
              "a-b-c-0123456789", CountsOf({Sample(CodeClass::kUnknown, 0, -1)}));
  text += Row(1'795'312'801, {"/checkout", "", "checkout"}, RouteOrigin::kRule, "checkout",
              CountsOf({Sample(CodeClass::k3xx, 1, 0)}));
  CheckGolden("summary_record.txt", text);
}

TEST_CASE("random rows come back as they were") {
  const std::uint64_t seed = TestSeed();
  INFO("SEED=" << seed);
  RandomPaths random(seed);
  std::string bytes = "abc/\"\\";
  for (int c = 1; c < 0x80; ++c) bytes += static_cast<char>(c);
  SummaryReader reader;
  for (int round = 0; round < 300; ++round) {
    const std::string route = "/" + random.Text(bytes, random.Below(60)) + "\u4e2d";
    const std::string method = random.Text(bytes, random.Below(8));
    const std::string id = "r" + std::to_string(random.Below(1000));
    const bool named = random.Below(3) == 0;
    const auto origin =
        named || random.Below(2) == 0 ? RouteOrigin::kRule : RouteOrigin::kAutomatic;
    const SeriesKeyView key{route, method, named ? std::string_view(id) : std::string_view()};
    RequestCounts counts;
    for (std::size_t i = 0; i <= random.Below(200); ++i) {
      const auto duration = static_cast<std::int64_t>(random.Below(1ULL << random.Below(51)));
      counts.Add(Sample(static_cast<CodeClass>(random.Below(kCodeClassCount)),
                        random.Below(kMostPlausible), random.Below(4) == 0 ? -1 : duration));
    }
    const auto second = static_cast<std::int64_t>(random.Below(1ULL << 40));
    const std::string value = Row(second, key, origin, id, counts);
    INFO(value);
    std::size_t rows = 0;
    const std::size_t skipped = reader.Read(value, [&](const SummaryRow& row) {
      ++rows;
      CHECK(row.second == second);
      CHECK(row.key == key);
      CHECK(row.origin == origin);
      CHECK(row.route_id == id);
      CHECK(Same(row.counts, counts));
    });
    REQUIRE(rows == 1);
    REQUIRE(skipped == 0);
  }
}

TEST_CASE("the largest row is no larger than is said") {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  RequestCounts counts;
  counts.requests.fill(kMost);
  counts.bytes.fill(kMost);
  counts.latency.counts.fill(kMost);
  counts.latency.sum_us = kMost;
  for (std::int32_t index = 1000; index < 1100; ++index) {
    CHECK(counts.sketch.AddBucket({index, std::numeric_limits<std::uint32_t>::max()}));
  }
  const std::string names = SummaryNames(kOrders, RouteOrigin::kRule, "get-orders-id");
  std::string row;
  AppendSummaryRow(std::numeric_limits<std::int64_t>::min(), names, counts, &row);
  CHECK(row.size() <= kMostRowBytes + names.size() + 100 * kMostBucketBytes);
}

TEST_CASE("what is no row is skipped and counted, those around it are read") {
  const std::string good = OneRequest();
  const auto with = [&](std::string_view what, std::string_view by) {
    std::string row = good;
    const std::size_t at = row.find(what);
    REQUIRE(at != std::string::npos);
    return row.replace(at, what.size(), by);
  };
  const std::vector<std::string> bad = {
      "\n",
      "hello\n",
      "{}\n",
      with("1795312800", "-1"),
      with("1795312800", "99999999999999"),
      with("1795312800", "x"),
      with("/orders/{id}", ""),
      with("/orders/{id}", "/\xFF"),
      with("/orders/{id}", "/\x01"),
      with("/orders/{id}", "/\\x41"),
      with("get-orders-id", "-"),
      with("\"rule\"", "\"ruler\""),
      with("\"2xx\":1", "\"2xx\":0"),
      with("\"2xx\":1", ""),
      with("\"2xx\":1", "\"2xx\":-1"),
      with("\"2xx\":1", "\"7xx\":1"),
      with("\"2xx\":1", "\"2xx\":1,\"2xx\":1"),
      with("\"2xx\":1", "\"3xx\":1,\"2xx\":1"),
      with("\"2xx\":1", "\"2xx\":2000000000000"),
      with("\"2xx\":1", "\"2xx\":99999999999999999999"),
      with("[1]", "[2]"),                          // more durations than requests
      with("[1]", "[0,0,0,0,0,0,0,0,0,0,0,0,1]"),  // more buckets than there are
      with("[1]", "[1,]"),
      with(",1]]", ",2]]"),                     // more than the histogram has
      with("\"sketch\":[[", "\"sketch\":[[9"),  // a bucket that no latency has
      with("}\n", "\n"),
      with("}\n", "}}\n"),
      with("\"method\":\"GET\",", ""),
  };
  for (const std::string& row : bad) {
    INFO(row);
    const RowsRead result = ReadRows(good + row + good);
    CHECK(result.rows == 2);
    CHECK(result.skipped == 1);
  }
}

TEST_CASE("a summary may end without a newline, and may be empty") {
  std::string value = OneRequest();
  value.pop_back();
  CHECK(ReadRows(value).rows == 1);
  CHECK(ReadRows("").rows == 0);
  CHECK(ReadRows("").skipped == 0);
}
