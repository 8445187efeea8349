// The rows of a summary, read back. One pass over the bytes, since a row's keys come in one order:
// a few ns a number, so that millions of requests cost as much as thousands of events.
#include <simdjson.h>

#include <algorithm>
#include <charconv>

#include "parsers/route_id.h"
#include "parsers/summary_record.h"
#include "parsers/text_escapes.h"

namespace routerate {
namespace {

// No second of one series has more; sums of such do not overflow.
constexpr std::uint64_t kMostRequests = std::uint64_t{1} << 31;
constexpr std::int64_t kMostSeconds = std::int64_t{1} << 40;

// What is not there as it must be makes ok() false, and everything behind it reads as nothing.
class RowCursor {
 public:
  RowCursor(std::string_view row, TextScratch* texts)
      : at_(row.data()), end_(row.data() + row.size()), texts_(texts) {
    texts_->Begin(UnescapeRoom(row.size()));
  }

  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && at_ == end_; }

  bool Skip(std::string_view literal) {
    if (!std::string_view(at_, end_).starts_with(literal)) return false;
    at_ += literal.size();
    return true;
  }
  void Expect(std::string_view literal) {
    if (!Skip(literal)) Refuse();
  }

  template <typename Integer>
  Integer Number() {
    Integer value = 0;
    const auto read = std::from_chars(at_, end_, value);
    if (read.ec != std::errc() || *at_ == '-') return Refuse(), Integer{0};
    at_ = read.ptr;
    return value;
  }

  // Behind its opening quote; its closing quote is passed.
  std::string_view Text() {
    const char* const begin = at_;
    bool escaped = false;
    for (; at_ < end_ && *at_ != '"'; ++at_) {
      if (static_cast<unsigned char>(*at_) < ' ') return Refuse(), std::string_view();
      if (*at_ == '\\') escaped = true, ++at_;
    }
    if (at_ >= end_) return Refuse(), std::string_view();
    const std::string_view text(begin, at_++);
    if (!escaped) return text;
    const auto plain = Unescape(text, Escapes::kJson, texts_);
    if (!plain) Refuse();
    return plain.value_or(std::string_view());
  }

  // What was read makes no sense.
  void Refuse() {
    ok_ = false;
    at_ = end_ = "";
  }

 private:
  const char* at_;
  const char* end_;
  TextScratch* texts_;
  bool ok_ = true;
};

// Classes that have none are left out.
void ReadClasses(RowCursor& in, PerCodeClass* counts) {
  std::size_t next = 0;
  for (bool first = true; in.ok() && !in.Skip("}"); first = false) {
    in.Expect(first ? "\"" : ",\"");
    while (next < kCodeClassCount && !in.Skip(CodeClassName(next))) ++next;
    if (next == kCodeClassCount) return in.Refuse();
    in.Expect("\":");
    (*counts)[next++] = in.Number<std::uint64_t>();
  }
}

void ReadHistogram(RowCursor& in, LatencyHistogram* latency) {
  std::size_t next = 0;
  for (; in.ok() && !in.Skip("]"); ++next) {
    if (next == latency->counts.size()) return in.Refuse();
    if (next > 0) in.Expect(",");
    latency->counts[next] = in.Number<std::uint64_t>();
    if (latency->counts[next] > kMostRequests) return in.Refuse();
    latency->count += latency->counts[next];
  }
}

void ReadSketch(RowCursor& in, LatencySketch* sketch) {
  for (bool first = true; in.ok() && !in.Skip("]"); first = false) {
    in.Expect(first ? "[" : ",[");
    const auto index = in.Number<std::int32_t>();
    in.Expect(",");
    const auto count = in.Number<std::uint32_t>();
    in.Expect("]");
    if (!sketch->AddBucket({index, count})) return in.Refuse();
  }
}

void ReadCounts(RowCursor& in, RequestCounts* counts) {
  counts->Clear();
  in.Expect(",\"requests\":{");
  ReadClasses(in, &counts->requests);
  in.Expect(",\"bytes\":{");
  ReadClasses(in, &counts->bytes);
  in.Expect(",\"duration_us\":");
  counts->latency.sum_us = in.Number<std::uint64_t>();
  in.Expect(",\"histogram\":[");
  ReadHistogram(in, &counts->latency);
  in.Expect(",\"sketch\":[");
  ReadSketch(in, &counts->sketch);
}

void ReadNames(RowCursor& in, SummaryRow* row) {
  in.Expect(",\"route\":\"");
  row->key.route = in.Text();
  in.Expect(",\"route_id\":\"");
  row->route_id = in.Text();
  in.Expect(",\"method\":\"");
  row->key.method = in.Text();
  in.Expect(",\"origin\":\"");
  const std::string_view origin = in.Text();
  const bool automatic = origin == "automatic";
  const bool named = origin == "named_rule";
  if (!automatic && !named && origin != "rule") in.Refuse();
  row->origin = automatic ? RouteOrigin::kAutomatic : RouteOrigin::kRule;
  row->key.name = named ? row->route_id : std::string_view();
}

// What stands in it can be said of requests.
bool IsSound(const SummaryRow& row) {
  const RequestCounts& counts = row.counts;
  const auto few = [](std::uint64_t count) { return count <= kMostRequests; };
  return row.second <= kMostSeconds && !row.key.route.empty() && IsLabelValue(row.route_id) &&
         std::ranges::all_of(counts.requests, few) && counts.Requests() > 0 &&
         counts.latency.count == counts.sketch.count() && counts.latency.count <= counts.Requests();
}

}  // namespace

struct SummaryReader::State {
  SummaryRow row;
  TextScratch texts;

  bool ReadRow(std::string_view line) {
    if (!simdjson::validate_utf8(line)) return false;
    RowCursor in(line, &texts);
    in.Expect("{\"second\":");
    row.second = in.Number<std::int64_t>();
    ReadNames(in, &row);
    ReadCounts(in, &row.counts);
    in.Expect("}");
    return in.AtEnd() && IsSound(row);
  }
};

SummaryReader::SummaryReader() : state_(std::make_unique<State>()) {}
SummaryReader::~SummaryReader() = default;

std::size_t SummaryReader::Read(std::string_view value,
                                const std::function<void(const SummaryRow&)>& visit) {
  std::size_t skipped = 0;
  while (!value.empty()) {
    const std::size_t end = std::min(value.find('\n'), value.size());
    const std::string_view line = value.substr(0, end);
    value.remove_prefix(std::min(end + 1, value.size()));
    if (state_->ReadRow(line)) {
      visit(state_->row);
    } else {
      ++skipped;
    }
  }
  return skipped;
}

}  // namespace routerate
