// Everything worth telling of the agent's work, a method each. The logic calls them; agent_metrics
// turns them into metrics and log lines. The list of methods is the list of metrics.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/kafka_error_class.h"
#include "agent/rejected_line.h"
#include "base/clock.h"

namespace routerate {

// Why bytes of a file were never shipped (the loss ledger, DESIGN A6).
enum class LossReason {
  kLongLine,   // a line over max_line
  kNulBytes,   // a hole that nobody filled in time, and half a line before it
  kTruncated,  // readable before a truncation, not read in time
  kNoNewline,  // an unterminated tail of a file that was given up
  kReadError,  // unread bytes of a file given up because it cannot be read
  kGone,       // unread when the agent ended, and nowhere when it began
  kDeleted,    // unread in a deleted file that was given up for the room that it took
  kTooLarge,   // a line whose event alone Kafka refuses for its size; bytes of the event
};
inline constexpr int kLossReasonCount = 8;
std::string_view LossReasonName(LossReason reason);

// Every line read is one of them. One that is read again, after a loss, counts again.
struct LineCounts {
  std::uint64_t accepted = 0;  // was what its format promises
  std::uint64_t repaired = 0;  // was not, and gave its event all the same
  std::uint64_t rejected = 0;
};

// A topic's records do not get through.
struct KafkaTrouble {
  std::string_view topic;
  KafkaErrorClass error_class;
  std::string_view why;     // in librdkafka's words
  std::string_view remedy;  // in ours
  Millis lasting;
};

struct InputGauges {
  std::uint64_t files_open = 0;
  std::uint64_t bytes_behind = 0;  // readable and not yet read
};

struct AgentGauges {
  std::vector<InputGauges> inputs;    // by their number in the configuration
  std::uint64_t files_open = 0;       // of all inputs
  std::uint64_t bytes_behind = 0;     // likewise
  std::uint64_t bytes_in_flight = 0;  // sent and not acknowledged
  std::uint64_t records_in_flight = 0;
  // When the oldest line was read that is not acknowledged, sent or not; nullopt: none waits.
  // Monotonic, as the next: who shows an age knows the time himself.
  std::optional<Millis> waiting_since;
  // Since when the checkpoint on disk is not what is acknowledged; nullopt: it is.
  std::optional<Millis> unsaved_since;
  std::int64_t watermark_ms = 0;
};

// Called on the agent's thread.
class AgentEvents {
 public:
  virtual ~AgentEvents() = default;
  // The configuration in force: `input` below is a place in this list.
  virtual void InputsUsed(const std::vector<std::string>& patterns) = 0;
  virtual void BytesRead(std::size_t input, std::uint64_t bytes) = 0;
  virtual void LinesRead(std::size_t input, const LineCounts& counts) = 0;
  virtual void LineRejected(std::string_view path, const RejectedLine& line) = 0;
  virtual void BytesLost(std::string_view path, LossReason reason, std::uint64_t bytes) = 0;
  virtual void FileOpened(std::string_view path, std::uint64_t offset) = 0;
  virtual void FileRotated(std::string_view path) = 0;
  virtual void FileTruncated(std::string_view path, std::uint64_t offset) = 0;
  virtual void FileClosed(std::string_view path, std::uint64_t offset) = 0;
  virtual void FileFailed(std::string_view what) = 0;     // open, read, list: message with its path
  virtual void InputEmpty(std::string_view pattern) = 0;  // at the start: nothing matches yet
  virtual void RecordSent(std::uint64_t bytes) = 0;
  virtual void RecordDelivered(Millis latency) = 0;
  virtual void RecordsLost(std::string_view why) = 0;  // and sent again
  virtual void RecordSplit() = 0;  // less than the batch was sent: Kafka takes no record as large
  // A line's event alone is more than Kafka takes.
  virtual void LineTooLarge(std::string_view path, std::uint64_t offset, std::uint64_t bytes) = 0;
  virtual void KafkaTopicUsed(std::string_view topic) = 0;   // at the start
  virtual void KafkaError(KafkaErrorClass error_class) = 0;  // each one, whatever is told of it
  // At a bounded rate: first, then as a reminder.
  virtual void KafkaTroubled(const KafkaTrouble& trouble) = 0;
  virtual void KafkaRecovered(std::string_view topic, Millis after) = 0;
  virtual void DeadLetterSent(std::uint64_t bytes) = 0;
  virtual void DeadLetterDelivered() = 0;
  virtual void DeadLettersLost(std::uint64_t lines, std::string_view why) = 0;
  // source.labels_file, each time that it is another: how many of its labels are told, and how many
  // lines are no labels or too many.
  virtual void LabelsRead(std::size_t labels, std::size_t left_out) = 0;
  virtual void LabelsFailed(std::string_view what) = 0;  // again and again; what was read stays
  virtual void CheckpointSaved() = 0;
  virtual void CheckpointFailed(std::string_view what) = 0;
  virtual void BytesReclaimed(std::string_view path, std::uint64_t bytes) = 0;
  // Blocks of this file, and maybe of others in its directory, cannot be given back.
  virtual void ReclaimRefused(std::string_view why, std::string_view remedy) = 0;
  virtual void Stepped(const AgentGauges& gauges) = 0;
};

}  // namespace routerate
