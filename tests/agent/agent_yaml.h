// agent.yaml from a text.
#pragma once

#include <string>

#include "agent/agent_options.h"
#include "tests/memory_file_system.h"

namespace routerate {

// Kafka has every property but one, "nonsense".
inline Result<AgentOptions> LoadAgentYaml(const std::string& text) {
  MemoryFileSystem files;
  files.Append("agent.yaml", text);
  return LoadAgentOptions(files, "agent.yaml", [](const std::string& name, const std::string&) {
    return name == "nonsense" ? Fail("is not known") : Result<void>{};
  });
}

}  // namespace routerate
