// What was read and what is there to be read, by input: as many series as the configuration has
// inputs, however many files come and go.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "agent/agent_events.h"
#include "agent/scrape_metrics.h"

namespace routerate {

// Expose is called on the HTTP server's thread, all else on the agent's.
class InputMetrics {
 public:
  void Expose(Exposition* page) const;

  // From now on an input is a place in `patterns`. What was counted of a pattern goes on; series of
  // patterns that are no more end.
  void InputsUsed(const std::vector<std::string>& patterns);
  void BytesRead(std::size_t input, std::uint64_t bytes) { by_input_[input]->bytes += bytes; }
  void LinesRead(std::size_t input, const LineCounts& counts);
  void Stepped(const std::vector<InputGauges>& inputs);

 private:
  using Value = std::atomic<std::uint64_t>;
  struct Series {
    Value bytes{0};
    Value accepted{0};
    Value repaired{0};
    Value rejected{0};
    Value files_open{0};
    Value bytes_behind{0};
    InputGauges sum;  // agent's thread only: of all inputs with this pattern
  };
  void Add(Exposition* page, Value Series::*value) const;
  void AddLines(Exposition* page, const std::string& outcome, Value Series::*lines) const;

  std::vector<Series*> by_input_;  // agent's thread only
  mutable std::mutex mutex_;
  // By pattern in valid UTF-8. Guarded by mutex_ where series come and go.
  std::map<std::string, Series> series_;
};

}  // namespace routerate
