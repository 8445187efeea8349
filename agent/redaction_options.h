// `fields` and `redact` of agent.yaml: what of an event leaves the pod.
//
//   fields: all | metrics | [method, host, ...]
//   redact:
//     query: {keys: [token, password], replace: "***"}   # or {keys: all}, or {except: [page]}
//     user: keep | hash | drop
//     client: keep | truncate | drop
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
