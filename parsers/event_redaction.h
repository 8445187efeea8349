// What of an event leaves the pod: which fields, and what of a query, a user name and a client's
// address. Applied between the parser and the record; the path always stays, routes are made of it.
#pragma once

#include <arpa/inet.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/access_event.h"

namespace routerate {

enum class EventField : std::uint8_t {
  kMethod,
  kHost,
  kPath,
  kQuery,
  kStatus,
  kBytes,
  kDuration,
  kClient,
  kReferer,
  kAgent,
  kUser,
};
inline constexpr std::size_t kEventFieldCount = 11;

// As the record calls them: method, host, path, query, status, bytes, duration_ms, client, referer,
// agent, user.
std::string_view EventFieldName(EventField field);
std::optional<EventField> EventFieldFromName(std::string_view name);

// Offset and time are no members: they are always there.
class EventFields {
 public:
  static constexpr EventFields All() { return EventFields((1u << kEventFieldCount) - 1); }
  static constexpr EventFields None() { return EventFields(0); }
  // What rates, latencies and bytes are counted from: method, host, path, status, bytes,
  // duration_ms.
  static EventFields Metrics();

  constexpr void Add(EventField field) { bits_ |= Bit(field); }
  constexpr bool Has(EventField field) const { return (bits_ & Bit(field)) != 0; }
  constexpr bool operator==(const EventFields&) const = default;

 private:
  explicit constexpr EventFields(unsigned bits) : bits_(bits) {}
  static constexpr unsigned Bit(EventField field) { return 1u << static_cast<unsigned>(field); }
  unsigned bits_;
};

// Of which parameters of a query the value is replaced. Names are compared after percent-decoding,
// ASCII letters alike in either case.
struct QueryRedaction {
  enum class Values { kNone, kOfNames, kAllButOfNames };
  Values values = Values::kNone;
  std::vector<std::string> names;  // decoded; at most kMostNames
  std::string replace = "***";     // see FitsAsReplacement

  static constexpr std::size_t kMostNames = 64;
  static constexpr std::size_t kMostReplacementBytes = 16;
  // At most kMostReplacementBytes of printable ASCII without white space and without what has a
  // meaning in a query or to JSON: & ; # = ? % + " and backslash.
  static bool FitsAsReplacement(std::string_view text);
};

enum class UserRedaction { kKeep, kHash, kDrop };
enum class ClientRedaction { kKeep, kTruncate, kDrop };

struct RedactionRules {
  EventFields fields = EventFields::All();
  QueryRedaction query;  // applies to the query of the referer as well
  UserRedaction user = UserRedaction::kKeep;
  ClientRedaction client = ClientRedaction::kKeep;
};

// Memory is bounded by the longest query and referer seen. Not thread-safe; any number of parsers
// may share one.
//
// A value ends at '&'. A name may stand behind '&', ';', '?' or '#', as different servers and pages
// have it, so a listed name anywhere between two '&' takes everything behind its '=' with it: more
// is replaced than a server would take for the value, never less. What has no '=' is a name.
//
// A hashed user name is 16 hex digits of its SHA-256: equal for equal names, and to be guessed by
// who knows the names. A truncated address is the first 24 bits of an IPv4 address (mapped into
// IPv6 or not) or the first 48 of an IPv6 address, the rest zero. What is no address is dropped.
class EventRedaction {
 public:
  explicit EventRedaction(RedactionRules rules);
  EventRedaction(const EventRedaction&) = delete;
  EventRedaction& operator=(const EventRedaction&) = delete;

  // The event as it may leave. Its views live as long as the given event's, and at most until the
  // next Apply.
  AccessEvent Apply(const AccessEvent& event);

 private:
  std::string_view Query(std::string_view query, std::string* out);
  void Segment(std::string_view segment, std::string* out);
  std::string_view Referer(std::string_view referer);
  std::string_view User(std::string_view user);
  std::string_view Client(std::string_view client);
  bool TakesValueOf(std::string_view name);

  RedactionRules rules_;
  std::string name_;  // decoded, lower case; of the parameter looked at
  std::string query_;
  std::string referer_;
  std::string referer_query_;
  std::array<char, INET6_ADDRSTRLEN> client_{};  // ends with a NUL
  std::array<char, 16> user_{};                  // hex digits
};

}  // namespace routerate
