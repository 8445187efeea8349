// Where a start begins to read a partition of the counts topic: at the snapshots that its last
// records name, so that a start costs what is known and not all that was ever counted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace routerate {

// Of one partition of the counts topic. Pure.
class CountsStart {
 public:
  // Owners tell each partition's time every ten seconds, so the last records mostly name every
  // snapshot.
  static constexpr std::int64_t kLastRecords = 200;

  // A record's value, of the last ones, in their order.
  void See(std::string_view value);

  // The earliest of the snapshots that were named last by each of `input_partitions`, as many as
  // have their counts here; nullopt: they were not all seen, or one has none, so from the beginning
  // on.
  std::optional<std::int64_t> Offset(std::size_t input_partitions) const;

 private:
  std::map<int, std::int64_t> snapshots_;  // by input partition; -1: none
};

}  // namespace routerate
