// What of an event leaves the pod (docs/redaction.md). Its keys in agent.yaml:
//
// `fields`: all, metrics (method, host, path, status, bytes, duration_ms), or a list of method,
//   host, path, query, status, bytes, duration_ms, client, referer, agent, user; time, offset and
//   path are always shipped; with ship: summaries metrics, unless it is said here
// `redact`: what is taken from the fields that are shipped
// `redact.query`: which values of a query, and of the referer's; either keys or except
// `redact.query.keys`: parameters whose values are replaced, at most 64; all: those of every one
// `redact.query.except`: parameters whose values stay, at most 64; those of all others are replaced
// `redact.query.replace`: what stands for a value, at most 16 bytes
// `redact.user`: hash: 16 hex digits of its SHA-256
// `redact.client`: truncate: IPv4 to /24, IPv6 to /48
#pragma once

#include <string>

#include "base/yaml_config.h"
#include "parsers/event_redaction.h"

namespace routerate {

// Both keys are optional. Mistakes are reported at their lines.
void ReadRedaction(ConfigNode& root, RedactionRules* rules);

// What is in force, as YAML.
std::string ShowRedaction(const RedactionRules& rules);

}  // namespace routerate
