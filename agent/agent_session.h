// The agent with its producers, under one configuration. A new configuration is a new session that
// inherits the files.
#pragma once

#include <memory>

#include "agent/agent.h"
#include "agent/agent_options.h"
#include "agent/kafka_producer.h"
#include "base/clock.h"
#include "base/file_system.h"
#include "base/result.h"
#include "base/waiter.h"

namespace routerate {

class AgentSession {
 public:
  // What outlives every session; borrowed.
  struct Doors {
    FileSystem& files;
    Waiter& waiter;
    const Clock& clock;
    AgentEvents& events;
  };

  // From the checkpoint. Fails when a producer cannot be made.
  static Result<std::unique_ptr<AgentSession>> Start(AgentOptions options, Doors doors);
  // In the place of `before`, which is left without files. After a failure it is as it was.
  static Result<std::unique_ptr<AgentSession>> Replace(AgentOptions options, AgentSession& before);

  Agent& agent() { return *agent_; }
  const AgentOptions& options() const { return options_; }

 private:
  AgentSession(AgentOptions options, Doors doors) : options_(std::move(options)), doors_(doors) {}
  Result<void> StartProducers();
  Sinks sinks() { return {*producer_, dead_letters_.get()}; }

  AgentOptions options_;
  Doors doors_;
  std::unique_ptr<KafkaProducer> producer_;
  std::unique_ptr<KafkaProducer> dead_letters_;  // nullptr: rejected lines go nowhere
  std::unique_ptr<Agent> agent_;                 // borrows all of these
};

}  // namespace routerate
