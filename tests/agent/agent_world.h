// An agent with a world of values around it: files in memory, a clock that is told, a broker that
// acknowledges when asked, and a reader that counts as the aggregator does.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "agent/agent.h"
#include "tests/memory_file_system.h"

namespace routerate {

// What a record that is no reject says of itself.
inline RecordHeaders Decoded(const HeaderPairs& pairs) {
  const std::vector<std::pair<std::string_view, std::string_view>> views(pairs.begin(),
                                                                         pairs.end());
  return DecodeHeaders(views).value_or(RecordHeaders{});
}

// A topic with one partition. Records sent are kept in order; they are delivered when told.
class MemoryBroker final : public RecordSink {
 public:
  struct Record {
    std::string key;
    HeaderPairs pairs;
    RecordHeaders headers;  // of `pairs`, unless the record is a reject
    std::string value;
    std::size_t number;  // in the order sent
  };
  struct Waiting {
    Ticket ticket;
    std::size_t number;
  };
  std::vector<Record> log;  // all that consumers see
  std::deque<Waiting> unacknowledged;
  bool accepts = true;                  // false: the client's queue is full
  std::string lose;                     // told at the next Poll, once
  std::size_t survivors = SIZE_MAX;     // of what is not acknowledged then
  std::size_t acknowledge = SIZE_MAX;   // how many a Poll acknowledges at most
  std::size_t client_limit = SIZE_MAX;  // larger values the client does not take
  std::size_t broker_limit = SIZE_MAX;  // larger values the broker does not take
  Loss loss = Loss::kRefused;           // of `lose`
  std::size_t refusals = 0;             // for size, by either

  SendResult TrySend(const std::string& key, const HeaderPairs& headers, std::string_view value,
                     Ticket ticket) override {
    if (!accepts) return SendResult::kFull;
    if (value.size() > client_limit) {
      ++refusals;
      return SendResult::kTooLarge;
    }
    log.push_back({key, headers, Decoded(headers), std::string(value), ++sent_});
    unacknowledged.push_back({ticket, sent_});
    return SendResult::kSent;
  }
  void Poll(DeliveryListener& listener) override {
    if (!lose.empty()) {
      LoseUnacknowledged(survivors);
      listener.OnLost(loss, std::exchange(lose, ""));
    }
    for (std::size_t i = 0; i < acknowledge && !unacknowledged.empty(); ++i) {
      if (log[IndexOf(unacknowledged.front().number)].value.size() > broker_limit) {
        return RefuseFirst(listener);
      }
      listener.OnDelivered(unacknowledged.front().ticket);
      unacknowledged.pop_front();
    }
  }
  // Of what is not acknowledged the first `keep` records are in the log, the rest never came:
  // the order of a key has no gap.
  void LoseUnacknowledged(std::size_t keep) {
    while (unacknowledged.size() > keep) {
      std::erase_if(log, [&](const Record& r) { return r.number == unacknowledged.back().number; });
      unacknowledged.pop_back();
    }
    unacknowledged.clear();
  }
  // Paths of events, each once by (source, file, offset) as the aggregator counts them: the highest
  // offset of a file is a mark, and what does not lie above it was counted before.
  std::vector<std::string> CountedPaths() const {
    std::vector<std::string> paths;
    std::map<std::pair<std::string, std::string>, std::int64_t> marks;
    EventReader reader;
    for (const Record& record : log) {
      auto mark = marks.try_emplace({record.headers.source, record.headers.file}, -1).first;
      reader.Read(record.value, [&](const RecordedEvent& recorded) {
        const auto offset = static_cast<std::int64_t>(recorded.offset);
        if (offset <= mark->second) return;
        mark->second = offset;
        paths.emplace_back(recorded.event.path);
      });
    }
    return paths;
  }
  std::vector<Record> Of(RecordKind kind) const {
    std::vector<Record> records;
    for (const Record& record : log) {
      if (record.headers.kind == kind) records.push_back(record);
    }
    return records;
  }

 private:
  std::size_t IndexOf(std::size_t number) const {
    return static_cast<std::size_t>(std::ranges::find(log, number, &Record::number) - log.begin());
  }
  // As the producer tells it: nothing behind a refused record came either.
  void RefuseFirst(DeliveryListener& listener) {
    ++refusals;
    listener.OnTooLarge(unacknowledged.front().ticket);
    LoseUnacknowledged(0);
    listener.OnLost(Loss::kOnTheWay, "too large");
  }

  std::size_t sent_ = 0;
};

// Remembers what was told, as lines.
class EventLog final : public AgentEvents {
 public:
  std::vector<std::string> lines;
  std::map<LossReason, std::uint64_t> lost;
  AgentGauges gauges;
  LineCounts counts;
  std::uint64_t reclaimed = 0;
  std::vector<std::string> rejects;  // each line rejected, with its place
  std::uint64_t records_delivered = 0;
  std::uint64_t dead_letters_delivered = 0;
  std::uint64_t dead_letters_lost = 0;
  std::uint64_t records_split = 0;
  std::vector<std::string> oversize;  // each line whose event is too large, with its place
  std::map<KafkaErrorClass, std::uint64_t> kafka_errors;
  std::vector<std::string> kafka;  // what people are told of Kafka

  void InputsUsed(const std::vector<std::string>&) override {}
  void BytesRead(std::size_t, std::uint64_t) override {}
  void LinesRead(std::size_t, const LineCounts& read) override {
    counts.accepted += read.accepted;
    counts.repaired += read.repaired;
    counts.rejected += read.rejected;
  }
  void LineRejected(std::string_view path, const RejectedLine& line) override {
    rejects.push_back(fmt::format("{}: {}", path, Describe(line)));
  }
  void BytesLost(std::string_view, LossReason reason, std::uint64_t bytes) override {
    lost[reason] += bytes;
  }
  void FileOpened(std::string_view path, std::uint64_t offset) override {
    lines.push_back(fmt::format("opened {} at {}", path, offset));
  }
  void FileRotated(std::string_view path) override {
    lines.push_back(fmt::format("rotated {}", path));
  }
  void FileTruncated(std::string_view path, std::uint64_t offset) override {
    lines.push_back(fmt::format("truncated {} at {}", path, offset));
  }
  void FileClosed(std::string_view path, std::uint64_t) override {
    lines.push_back(fmt::format("closed {}", path));
  }
  void FileFailed(std::string_view what) override {
    lines.push_back(fmt::format("failed {}", what));
  }
  void InputEmpty(std::string_view pattern) override {
    lines.push_back(fmt::format("empty {}", pattern));
  }
  void RecordSent(std::uint64_t) override {}
  void RecordDelivered(Millis) override { ++records_delivered; }
  void RecordsLost(std::string_view why) override { lines.push_back(fmt::format("lost {}", why)); }
  void RecordSplit() override { ++records_split; }
  void LineTooLarge(std::string_view path, std::uint64_t offset, std::uint64_t bytes) override {
    oversize.push_back(fmt::format("{} at {}: {} bytes", path, offset, bytes));
  }
  void KafkaTopicUsed(std::string_view) override {}
  void KafkaError(KafkaErrorClass error_class) override { ++kafka_errors[error_class]; }
  void KafkaTroubled(const KafkaTrouble& trouble) override {
    kafka.push_back(fmt::format("{} {} {}: {} ({})", trouble.topic,
                                KafkaErrorClassName(trouble.error_class), trouble.lasting.count(),
                                trouble.why, trouble.remedy));
  }
  void KafkaRecovered(std::string_view topic, Millis after) override {
    kafka.push_back(fmt::format("{} recovered after {}", topic, after.count()));
  }
  void DeadLetterSent(std::uint64_t) override {}
  void DeadLetterDelivered() override { ++dead_letters_delivered; }
  void DeadLettersLost(std::uint64_t count, std::string_view) override {
    dead_letters_lost += count;
  }
  void LabelsRead(std::size_t labels, std::size_t left_out) override {
    lines.push_back(fmt::format("labels {} and {}", labels, left_out));
  }
  void LabelsFailed(std::string_view what) override {
    lines.push_back(fmt::format("labels failed {}", what));
  }
  void CheckpointSaved() override {}
  void CheckpointFailed(std::string_view what) override {
    lines.push_back(fmt::format("checkpoint failed: {}", what));
  }
  void BytesReclaimed(std::string_view, std::uint64_t bytes) override { reclaimed += bytes; }
  void ReclaimRefused(std::string_view why, std::string_view remedy) override {
    lines.push_back(fmt::format("reclaim refused: {}; {}", why, remedy));
  }
  void Stepped(const AgentGauges& now) override { gauges = now; }
};

inline std::string Line(const std::string& path) {
  return fmt::format(
      R"({{"msec":"1795363184.439","method":"GET","request_uri":"{}","status":"200","size":1}})"
      "\n",
      path);
}

// The log of tests that need but one, and the name that it is rotated or copied to.
inline const std::string kLog = "/logs/a.log";
inline const std::string kCopy = "/logs/a.log.1";

inline constexpr Millis kSecond{1000};

// Lines /from .. /to-1, as long as each other up to 999.
inline std::string LinesOf(int from, int to) {
  std::string lines;
  for (int i = from; i < to; ++i) lines += Line(fmt::format("/{:03}", i));
  return lines;
}

// Their paths.
inline std::vector<std::string> Numbers(int from, int to) {
  std::vector<std::string> paths;
  for (int i = from; i < to; ++i) paths.push_back(fmt::format("/{:03}", i));
  return paths;
}

// Tells of nothing by itself: a test steps with what it wants to be told.
struct MemoryWatch final : FileWatch {
  bool watches = true;
  bool Watch(const std::string&) override { return watches; }
};

struct World {
  AgentOptions options;
  MemoryFileSystem files;
  MemoryWatch watch;
  ManualClock clock{1'795'363'184'000};
  MemoryBroker broker;
  MemoryBroker dead_letters;
  EventLog events;
  std::unique_ptr<Agent> agent;

  explicit World(std::string pattern = "/logs/*.log") {
    options.source.service = "shop";
    options.inputs = {{.path = std::move(pattern), .format = LogFormat::kNginx}};
    options.checkpoint = "/state/checkpoint";
    Boot();
  }
  void Boot() {
    agent =
        std::make_unique<Agent>(options, files, watch, clock, Sinks{broker, &dead_letters}, events);
  }
  // SIGKILL: nothing is saved, and only `survivors` of what was not acknowledged reached the
  // broker.
  void Crash(std::size_t survivors = SIZE_MAX) {
    agent.reset();
    broker.LoseUnacknowledged(survivors);
    dead_letters.LoseUnacknowledged(survivors);
  }
  Agent::Plan Step(Millis after = Millis{0}) {
    clock.Advance(after);
    files.now_ns = clock.Wall() * 1'000'000;
    return agent->Step({.all = true});
  }
  // As long as it takes for everything to be read, sent and acknowledged.
  void Settle() {
    for (int i = 0; i < 10; ++i) Step(Millis{1001});
  }
};

}  // namespace routerate
