// The one place where the simulation touches the agent's interface: how it is started, stepped and
// told of changes. What changes there changes here.
#pragma once

#include "agent/agent.h"
#include "base/file_changes.h"

namespace routerate {

// What an agent borrows.
struct AgentWiring {
  const AgentOptions& options;
  FileSystem& files;
  FileWatch& watch;
  const Clock& clock;
  Sinks sinks;
  AgentEvents& events;
};

struct AgentPlan {
  Millis wait{0};  // until the next step at the latest
  // File events end the wait; else they are left for the next step.
  bool heeds_files = true;
};

class SimAgent {
 public:
  explicit SimAgent(const AgentWiring& with)
      : agent_(with.options, with.files, with.watch, with.clock, with.sinks, with.events) {}

  AgentPlan Step(const FileChanges& changes) {
    const Agent::Plan plan = agent_.Step(changes);
    return {plan.wait, plan.next == Agent::Next::kWaitForFiles};
  }
  void BeginDrain() { agent_.BeginDrain(); }
  bool Drained() const { return agent_.Drained(); }
  void SaveCheckpoint() { agent_.SaveCheckpoint(); }

 private:
  Agent agent_;
};

}  // namespace routerate
