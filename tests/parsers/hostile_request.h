// One request as it was: what its server knows of it, what its client sent, and what an event may
// say of it.
#pragma once

#include <cstdint>
#include <string>

namespace routerate {

struct SentRequest {
  // The server's.
  std::int64_t ts_ms = 0;
  int zone_minutes = 0;  // of the server's clock
  int status = 200;
  std::int64_t bytes = 0;
  std::int64_t duration_us = 0;
  std::string client;  // address

  // The client's: any bytes that a server lets through.
  std::string method, target, version;  // of the request line
  std::string user, referer, agent, host, forwarded_for;
  // Instead of a request line, when it was none; the server answered 400.
  std::string garbage;
};

// What a log line stands for, in the record's own notation. Empty: absent.
struct ToldRequest {
  std::int64_t ts_ms = 0;
  int status = 0;
  std::int64_t bytes = -1;
  std::int64_t duration_us = -1;
  std::string client, method, path, query, host, referer, agent, user;
};

// The client's texts.
enum class ClientText { kTarget, kUser, kReferer, kAgent, kHost, kForwardedFor, kGarbage };
inline constexpr int kClientTextCount = 7;

}  // namespace routerate
