// librdkafka's mock cluster as a broker for trying routerate out: the real protocol on a port of
// 127.0.0.1, all in memory.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace routerate {

// Not for production: nothing is stored, and of each partition only the newest ~5 MiB (or 100,000
// batches) are kept, so that a consumer that starts later or falls behind loses records. Works on
// threads of its own until destroyed.
class EmbeddedBroker {
 public:
  static constexpr int kPartitions = 4;

  // With these topics already there.
  static Result<std::unique_ptr<EmbeddedBroker>> Start(const std::vector<std::string>& topics);
  ~EmbeddedBroker();

  // "127.0.0.1:41233"
  std::string address() const;

 private:
  struct State;
  explicit EmbeddedBroker(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace routerate
