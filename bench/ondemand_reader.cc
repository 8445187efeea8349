// Keys are compared with the few that matter, in the order in which the log has them; texts come as
// string_views and numbers as numbers.
#include "bench/ondemand_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "parsers/line_parser.h"

namespace routerate::bench {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

struct Fields {
  std::string_view time, client, user, method, host, target, referer, agent, bytes_text;
  std::uint64_t status = 0;
  std::uint64_t bytes = 0;
  double seconds = 0;

  // Of the texts that every log has.
  bool complete() const {
    return time.data() != nullptr && client.data() != nullptr && target.data() != nullptr &&
           agent.data() != nullptr && status != 0;
  }
  std::uint64_t Checksum() const {
    const std::size_t texts = time.size() + client.size() + user.size() + method.size() +
                              host.size() + target.size() + referer.size() + agent.size() +
                              bytes_text.size();
    return texts + status + bytes + static_cast<std::uint64_t>(seconds * 1000);
  }
};

error_code ReadNginxDefault(ondemand::field& field, Fields* out) {
  const auto key = field.key();
  if (key == "@timestamp") return field.value().get(out->time);
  if (key == "clientip") return field.value().get(out->client);
  if (key == "size") return field.value().get(out->bytes);
  if (key == "responsetime") return field.value().get(out->seconds);
  if (key == "uri") return field.value().get(out->target);
  if (key == "domain") return field.value().get(out->host);
  if (key == "referer") return field.value().get(out->referer);
  if (key == "http_user_agent") return field.value().get(out->agent);
  if (key == "status") return field.value().get_uint64_in_string().get(out->status);
  return simdjson::SUCCESS;
}

error_code ReadNginxRich(ondemand::field& field, Fields* out) {
  const auto key = field.key();
  if (key == "msec") return field.value().get(out->time);
  if (key == "clientip") return field.value().get(out->client);
  if (key == "remote_user") return field.value().get(out->user);
  if (key == "size") return field.value().get(out->bytes);
  if (key == "responsetime") return field.value().get(out->seconds);
  if (key == "method") return field.value().get(out->method);
  if (key == "request_uri") return field.value().get(out->target);
  if (key == "domain") return field.value().get(out->host);
  if (key == "referer") return field.value().get(out->referer);
  if (key == "http_user_agent") return field.value().get(out->agent);
  if (key == "status") return field.value().get_uint64_in_string().get(out->status);
  return simdjson::SUCCESS;
}

error_code ReadNginxOurs(ondemand::field& field, Fields* out) {
  const auto key = field.key();
  if (key == "msec") return field.value().get(out->time);
  if (key == "clientip") return field.value().get(out->client);
  if (key == "user") return field.value().get(out->user);
  if (key == "method") return field.value().get(out->method);
  if (key == "domain") return field.value().get(out->host);
  if (key == "request_uri") return field.value().get(out->target);
  if (key == "status") return field.value().get_uint64_in_string().get(out->status);
  if (key == "body_bytes_sent") return field.value().get_uint64_in_string().get(out->bytes);
  if (key == "request_time") return field.value().get_double_in_string().get(out->seconds);
  if (key == "http_user_agent") return field.value().get(out->agent);
  if (key == "referer") return field.value().get(out->referer);
  return simdjson::SUCCESS;
}

error_code ReadTomcat(ondemand::field& field, Fields* out) {
  const auto key = field.key();
  if (key == "clientip") return field.value().get(out->client);
  if (key == "authenticated") return field.value().get(out->user);
  if (key == "AccessTime") return field.value().get(out->time);
  if (key == "method") return field.value().get(out->target);
  if (key == "status") return field.value().get_uint64_in_string().get(out->status);
  if (key == "SendBytes") return field.value().get(out->bytes_text);
  if (key == "partner") return field.value().get(out->referer);
  if (key == "AgentVersion") return field.value().get(out->agent);
  return simdjson::SUCCESS;
}

using FieldReader = error_code (*)(ondemand::field&, Fields*);

template <FieldReader kReadField>
error_code ReadLine(ondemand::parser& parser, std::string_view line, Fields* out) {
  ondemand::document document;
  if (const auto error =
          parser.iterate(line.data(), line.size(), line.size() + kLinePadding).get(document)) {
    return error;
  }
  ondemand::object object;
  if (const auto error = document.get_object().get(object)) return error;
  for (auto item : object) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    if (const auto error = kReadField(field, out)) return error;
  }
  return simdjson::SUCCESS;
}

template <FieldReader kReadField>
Pass ReadLog(std::string_view text) {
  Pass pass;
  ondemand::parser parser;
  if (parser.allocate(1 << 16) != simdjson::SUCCESS) return pass;
  while (!text.empty()) {
    const void* const found = std::memchr(text.data(), '\n', text.size());
    if (found == nullptr) break;
    const auto size = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    Fields fields;
    const error_code error = ReadLine<kReadField>(parser, text.substr(0, size), &fields);
    if (error == simdjson::SUCCESS && fields.complete()) {
      ++pass.understood;
      pass.checksum += fields.Checksum();
    }
    text.remove_prefix(size + 1);
  }
  return pass;
}

Pass Read(LogLayout layout, std::string_view text) {
  switch (layout) {
    case LogLayout::kNginxDefault:
      return ReadLog<ReadNginxDefault>(text);
    case LogLayout::kNginxRich:
      return ReadLog<ReadNginxRich>(text);
    case LogLayout::kNginxOurs:
      return ReadLog<ReadNginxOurs>(text);
    case LogLayout::kTomcat:
      return ReadLog<ReadTomcat>(text);
    case LogLayout::kNoJson:
      break;
  }
  return {};
}

#define ROUTERATE_QUOTED(name) #name
#define ROUTERATE_NAME_OF(implementation) ROUTERATE_QUOTED(implementation)

}  // namespace

// ROUTERATE_ONDEMAND_READER is OndemandGeneric or one of the others, by target.
OndemandReader ROUTERATE_ONDEMAND_READER() {
  return {ROUTERATE_NAME_OF(SIMDJSON_BUILTIN_IMPLEMENTATION), Read};
}

}  // namespace routerate::bench
