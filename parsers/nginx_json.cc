// nginx JSON: the keys that people give nginx's variables.
#include "parsers/nginx_json.h"

#include "parsers/json_fields.h"

namespace routerate {
namespace {

using enum LogField;

constexpr KeyName kKeys[] = {
    {"msec", kPreciseTime},
    {"@timestamp", kTime},
    {"time_iso8601", kTime},
    {"timestamp", kTime},
    {"time", kTime},
    {"ts", kTime},
    {"time_local", kLocalTime},
    {"method", kMethod},
    {"request_method", kMethod},
    {"request", kRequest},
    {"request_uri", kRequestUri},
    {"uri", kUri},
    {"args", kQuery},
    {"query_string", kQuery},
    {"status", kStatus},
    {"body_bytes_sent", kBytes},
    {"size", kBytes},
    {"request_time", kSeconds},
    {"responsetime", kSeconds},
    {"clientip", kClient},
    {"remote_addr", kClient},
    {"client", kClient},
    {"referer", kReferer},
    {"http_referer", kReferer},
    {"http_user_agent", kAgent},
    {"user_agent", kAgent},
    {"agent", kAgent},
    {"remote_user", kUser},
    {"user", kUser},
    {"domain", kDomain},
    {"http_host", kHttpHost},
    {"host", kHost},
    {"server_name", kServerName},
};
constexpr KeyTable kTable(kKeys);

}  // namespace

const KeyTable& NginxKeys() { return kTable; }

std::expected<AccessEvent, Rejection> ParseNginxJson(std::string_view line, const KeyTable& keys,
                                                     TextScratch* scratch) {
  LogFields fields;
  const auto shape = ReadJsonFields(line, keys, Escapes::kNginx, scratch, &fields);
  if (!shape) return std::unexpected(shape.error());
  return AccessEventFrom(fields, line);
}

}  // namespace routerate
