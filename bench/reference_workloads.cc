// memchr is the floor of anything that looks at each line; Boost.JSON is what a program without
// simdjson would use.
#include "bench/reference_workloads.h"

#include <boost/json.hpp>
#include <initializer_list>
#include <span>
#include <string>

#include "bench/ondemand_reader.h"

namespace routerate::bench {
namespace {

namespace json = boost::json;

Pass CountLines(std::string_view text) {
  Pass pass;
  ForEachLine(text, [&](std::string_view line) {
    ++pass.understood;
    pass.checksum += line.size();
  });
  return pass;
}

std::span<const std::string_view> KeysOf(LogLayout layout) {
  static constexpr std::string_view kDefault[] = {"@timestamp",   "clientip", "size",
                                                  "responsetime", "uri",      "domain",
                                                  "referer",      "status",   "http_user_agent"};
  static constexpr std::string_view kRich[] = {
      "msec",        "clientip", "remote_user", "size",   "responsetime",   "method",
      "request_uri", "domain",   "referer",     "status", "http_user_agent"};
  static constexpr std::string_view kOurs[] = {
      "msec",   "clientip",        "user",         "method",  "domain",         "request_uri",
      "status", "body_bytes_sent", "request_time", "referer", "http_user_agent"};
  static constexpr std::string_view kTomcat[] = {"clientip", "authenticated", "AccessTime",
                                                 "method",   "status",        "SendBytes",
                                                 "partner",  "AgentVersion"};
  switch (layout) {
    case LogLayout::kNginxDefault:
      return kDefault;
    case LogLayout::kNginxRich:
      return kRich;
    case LogLayout::kNginxOurs:
      return kOurs;
    case LogLayout::kTomcat:
      return kTomcat;
    case LogLayout::kNoJson:
      break;
  }
  return {};
}

std::uint64_t ChecksumOf(const json::value& value) {
  if (const auto* text = value.if_string()) return text->size();
  if (const auto* number = value.if_int64()) return static_cast<std::uint64_t>(*number);
  if (const auto* number = value.if_double()) return static_cast<std::uint64_t>(*number * 1000);
  return 0;
}

// A parser and a memory resource that are used again for each line, as its documentation advises.
Pass ReadWithBoost(LogLayout layout, std::string_view text) {
  const std::span<const std::string_view> keys = KeysOf(layout);
  static unsigned char parser_room[16 << 10];
  static unsigned char value_room[64 << 10];
  json::parser parser({}, {}, parser_room);
  Pass pass;
  ForEachLine(text, [&](std::string_view line) {
    json::monotonic_resource memory(value_room);
    parser.reset(&memory);
    boost::system::error_code error;
    parser.write(line, error);
    if (error) return;
    const json::value document = parser.release();
    const json::object* object = document.if_object();
    if (object == nullptr) return;
    for (const std::string_view key : keys) {
      const json::value* value = object->if_contains(key);
      if (value == nullptr) return;
      pass.checksum += ChecksumOf(*value);
    }
    ++pass.understood;
  });
  return pass;
}

Workload Reference(const LogKind& kind, const std::string& step, std::string what, LogTexts* texts,
                   const std::function<Pass(LogLayout, std::string_view)>& read) {
  const auto prepare = [&kind, texts, read] {
    const LogText& log = texts->Of(kind);
    return PreparedWorkload{.lines = log.lines(),
                            .bytes = log.text().size(),
                            .run = [&kind, &log, read] { return read(kind.layout, log.text()); }};
  };
  return {std::string(kind.name) + "/" + step, {}, std::move(what), prepare};
}

}  // namespace

std::vector<Workload> ReferenceWorkloads(const LogKind& kind, LogTexts* texts) {
  std::vector<Workload> workloads = {
      Reference(kind, "memchr", "counts lines", texts,
                [](LogLayout, std::string_view text) { return CountLines(text); })};
  if (kind.layout == LogLayout::kNoJson) return workloads;
  const auto add_ondemand = [&](const std::string& target, OndemandReader reader) {
    workloads.push_back(Reference(kind, "ondemand-" + target,
                                  std::string("simdjson On-Demand, ") + reader.implementation,
                                  texts, reader.read));
  };
  add_ondemand("generic", OndemandGeneric());
#ifdef ROUTERATE_BENCH_X86
  if (__builtin_cpu_supports("avx2")) add_ondemand("haswell", OndemandHaswell());
#endif
  add_ondemand("native", OndemandNative());
  workloads.push_back(
      Reference(kind, "boost-json", "a DOM of each line, Boost.JSON", texts, ReadWithBoost));
  return workloads;
}

}  // namespace routerate::bench
