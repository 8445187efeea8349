// What shipping a log costs at least: the parts that nobody can leave out, each measured alone.
#pragma once

#include <string>

#include "base/result.h"

namespace routerate::bench {

struct FloorOptions {
  std::string log;      // of configs/nginx/access_json.conf; read as a file, and held in memory
  std::string brokers;  // host:port,...
  std::string topic;    // it is there; the log's events are sent there, several times
};

// A table of the process's CPU time, user and system, for a million lines, the least of three
// rounds; a line each:
//   read          the file in blocks as an agent reads them
//   newlines      memchr over the log in memory
//   on_demand     simdjson On-Demand reads each line's fields
//   send          librdkafka compresses (lz4) and sends the events in records of an agent's size,
//                 until all are acknowledged
//   send_metrics  ... the events with `fields: metrics`
// Fails with what could not be read or sent.
Result<std::string> ShippingFloorTable(const FloorOptions& options);

}  // namespace routerate::bench
