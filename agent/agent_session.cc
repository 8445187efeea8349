// Producers first: what can fail fails before the session that runs is touched.
#include "agent/agent_session.h"

#include <utility>

namespace routerate {

Result<std::unique_ptr<AgentSession>> AgentSession::Start(AgentOptions options, Doors doors) {
  std::unique_ptr<AgentSession> session(new AgentSession(std::move(options), doors));
  if (auto started = session->StartProducers(); !started) {
    return std::unexpected(std::move(started.error()));
  }
  session->agent_ = std::make_unique<Agent>(session->options_, doors.files, doors.waiter,
                                            doors.clock, session->sinks(), doors.events);
  return session;
}

Result<std::unique_ptr<AgentSession>> AgentSession::Replace(AgentOptions options,
                                                            AgentSession& before) {
  const Doors doors = before.doors_;
  std::unique_ptr<AgentSession> session(new AgentSession(std::move(options), doors));
  if (auto started = session->StartProducers(); !started) {
    return std::unexpected(std::move(started.error()));
  }
  session->agent_ =
      std::make_unique<Agent>(session->options_, doors.files, doors.waiter, doors.clock,
                              session->sinks(), doors.events, before.agent_->Release());
  return session;
}

Result<void> AgentSession::StartProducers() {
  const auto create = [&](const KafkaOptions& kafka) {
    return KafkaProducer::Create(kafka, options_.max_in_flight, doors_.waiter.kick_fd(),
                                 doors_.clock, doors_.events);
  };
  auto producer = create(options_.kafka);
  if (!producer) return std::unexpected(std::move(producer.error()));
  producer_ = std::move(*producer);
  if (options_.dead_letter.topic.empty()) return {};
  // A producer of its own, so that a dead-letter topic that Kafka refuses costs no event anything.
  KafkaOptions kafka = options_.kafka;
  kafka.topic = options_.dead_letter.topic;
  auto dead_letters = create(kafka);
  if (!dead_letters) return std::unexpected(std::move(dead_letters.error()));
  dead_letters_ = std::move(*dead_letters);
  return {};
}

}  // namespace routerate
