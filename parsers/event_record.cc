// An event as one line of JSON. Written straight into the batch: the longest that it could become
// is made sure of first, then each piece is copied without further checks.
#include "parsers/event_record.h"

#include "parsers/json_line.h"

namespace routerate {
namespace {

constexpr std::size_t kFixedPerEvent = 320;  // keys, numbers, punctuation

std::size_t MostBytes(const AccessEvent& event) {
  const std::size_t texts = event.method.size() + event.host.size() + event.path.size() +
                            event.query.size() + event.client.size() + event.referer.size() +
                            event.agent.size() + event.user.size();
  return kFixedPerEvent + JsonLine::kMostPerByte * texts;
}

// Field order is part of the format (docs/record.md).
char* WriteEvent(std::uint64_t offset, const AccessEvent& event, char* out) {
  JsonLine line(out);
  line.Number("{\"offset\":", offset);
  line.Number(",\"ts\":", event.ts_ms);
  line.Text(",\"method\":", event.method);
  line.Text(",\"host\":", event.host);
  line.Text(",\"path\":", event.path);
  line.Text(",\"query\":", event.query);
  if (event.status != 0) line.Number(",\"status\":", event.status);
  if (event.bytes >= 0) line.Number(",\"bytes\":", event.bytes);
  if (event.duration_us >= 0) line.Millis(",\"duration_ms\":", event.duration_us);
  line.Text(",\"client\":", event.client);
  line.Text(",\"referer\":", event.referer);
  line.Text(",\"agent\":", event.agent);
  line.Text(",\"user\":", event.user);
  line.Literal("}\n");
  return line.end();
}

}  // namespace

void AppendEvent(std::uint64_t offset, const AccessEvent& event, std::string* out) {
  const std::size_t before = out->size();
  out->resize_and_overwrite(before + MostBytes(event), [&](char* data, std::size_t) {
    return static_cast<std::size_t>(WriteEvent(offset, event, data + before) - data);
  });
}

}  // namespace routerate
