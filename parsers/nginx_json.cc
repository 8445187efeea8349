// nginx JSON: the keys that people give nginx's variables.
#include "parsers/nginx_json.h"

#include <simdjson.h>

#include "parsers/json_fields.h"
#include "parsers/loose_json.h"

namespace routerate {
namespace {

using enum LogField;

constexpr KeyName kNginxKeys[] = {
    {"msec", kPreciseTime},
    {"@timestamp", kTime},
    {"time_iso8601", kTime},
    {"timestamp", kTime},
    {"time", kTime},
    {"ts", kTime},
    {"datetime", kTime},
    {"time_local", kLocalTime},
    {"method", kMethod},
    {"request_method", kMethod},
    {"request", kRequest},
    {"request_uri", kRequestUri},
    {"url", kRequestUri},
    {"uri", kUri},
    {"path", kUri},
    {"args", kQuery},
    {"query_string", kQuery},
    {"query", kQuery},
    {"status", kStatus},
    {"status_code", kStatus},
    {"http_status", kStatus},
    {"body_bytes_sent", kBytes},
    {"size", kBytes},
    {"bytes", kBytes},
    {"request_time", kSeconds},
    {"responsetime", kSeconds},
    {"request_time_ms", kMillis},
    {"duration_ms", kMillis},
    {"duration_us", kMicros},
    {"clientip", kClient},
    {"client_ip", kClient},
    {"remote_ip", kClient},
    {"remote_addr", kClient},
    {"client", kClient},
    {"referer", kReferer},
    {"http_referer", kReferer},
    {"http_referrer", kReferer},
    {"referrer", kReferer},
    {"http_user_agent", kAgent},
    {"user_agent", kAgent},
    {"ua", kAgent},
    {"agent", kAgent},
    {"remote_user", kUser},
    {"user", kUser},
    {"domain", kDomain},
    {"http_host", kHttpHost},
    {"host", kHost},
    {"server_name", kServerName},
};
constexpr KeyTable kNginxTable(kNginxKeys);

}  // namespace

const KeyTable& NginxKeys() { return kNginxTable; }

std::optional<Rejection> NginxJson::Read(std::string_view line, TextScratch* scratch,
                                         LogFields* fields) {
  const auto json = ReadJsonFields(line, keys_, shape_, fields);
  repaired_ = !json;
  if (json) {
    if (!json->as_expected) shape_.Learn(line, keys_);
  } else {
    *fields = {};
    if (!simdjson::validate_utf8(line)) return Rejection{RejectReason::kNotJson, 1};
    if (ReadLooseJson(line, keys_, fields)) return NotJson(line);
  }
  const auto done = UnescapeTexts(line, Escapes::kNginx, BareTexts::kNone, scratch, fields);
  if (done == Unescaped::kUnknown || (done == Unescaped::kAll && HasByteEscape(line))) {
    repaired_ = true;
  }
  return std::nullopt;
}

}  // namespace routerate
