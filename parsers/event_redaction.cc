// parse → redaction → record: takes away what a user's rules say, and touches nothing else. Texts
// are cut at ASCII bytes and replaced by ASCII, so that valid UTF-8 stays valid.
#include "parsers/event_redaction.h"

// OpenSSL 3 would have its newer interface used, which takes memory for each digest.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"

namespace routerate {
namespace {

constexpr std::array<std::string_view, kEventFieldCount> kFieldNames = {
    "method",      "host",   "path",    "query", "status", "bytes",
    "duration_ms", "client", "referer", "agent", "user"};

// A parameter's name as applications read it, in lower case. A '%' that begins no escape stays.
void DecodeName(std::string_view text, std::string* out) {
  out->clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i] == '+' ? ' ' : text[i];
    if (c == '%' && i + 2 < text.size()) {
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        c = static_cast<char>(high * 16 + low);
        i += 2;
      }
    }
    *out += AsciiLower(c);
  }
}

// The address in `text`, which ends with a NUL, without what tells its host. False when there is no
// address.
bool Truncate(std::array<char, INET6_ADDRSTRLEN>* text) {
  constexpr std::size_t kKeptIpv4 = 3;
  constexpr std::size_t kKeptIpv6 = 6;
  constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  std::array<unsigned char, sizeof(in6_addr)> address{};
  int family = AF_INET6;
  if (::inet_pton(AF_INET6, text->data(), address.data()) != 1) {
    if (::inet_pton(AF_INET, text->data(), address.data()) != 1) return false;
    family = AF_INET;
  } else if (std::equal(kMapped.begin(), kMapped.end(), address.begin())) {
    std::copy(address.begin() + kMapped.size(), address.end(), address.begin());
    family = AF_INET;
  }
  std::fill(address.begin() + (family == AF_INET ? kKeptIpv4 : kKeptIpv6), address.end(), 0);
  return ::inet_ntop(family, address.data(), text->data(), INET6_ADDRSTRLEN) != nullptr;
}

}  // namespace

std::string_view EventFieldName(EventField field) {
  return kFieldNames[static_cast<std::size_t>(field)];
}

std::optional<EventField> EventFieldFromName(std::string_view name) {
  const auto found = std::ranges::find(kFieldNames, name);
  if (found == kFieldNames.end()) return std::nullopt;
  return static_cast<EventField>(found - kFieldNames.begin());
}

EventFields EventFields::Metrics() {
  EventFields fields = None();
  for (const EventField field : {EventField::kMethod, EventField::kHost, EventField::kPath,
                                 EventField::kStatus, EventField::kBytes, EventField::kDuration}) {
    fields.Add(field);
  }
  return fields;
}

bool QueryRedaction::FitsAsReplacement(std::string_view text) {
  constexpr std::string_view kMeansSomething = "&;#=?%+\"\\";
  return text.size() <= kMostReplacementBytes && std::ranges::all_of(text, [&](char c) {
           return c > ' ' && c < 0x7F && kMeansSomething.find(c) == std::string_view::npos;
         });
}

EventRedaction::EventRedaction(RedactionRules rules) : rules_(std::move(rules)) {
  RR_CHECK(rules_.query.names.size() <= QueryRedaction::kMostNames);
  RR_CHECK(QueryRedaction::FitsAsReplacement(rules_.query.replace));
  rules_.fields.Add(EventField::kPath);
  for (std::string& name : rules_.query.names)
    std::ranges::transform(name, name.begin(), AsciiLower);
}

AccessEvent EventRedaction::Apply(const AccessEvent& event) {
  const auto has = [this](EventField field) { return rules_.fields.Has(field); };
  AccessEvent out;
  out.ts_ms = event.ts_ms;
  if (has(EventField::kMethod)) out.method = event.method;
  if (has(EventField::kHost)) out.host = event.host;
  out.path = event.path;
  if (has(EventField::kQuery)) out.query = Query(event.query, &query_);
  if (has(EventField::kStatus)) out.status = event.status;
  if (has(EventField::kBytes)) out.bytes = event.bytes;
  if (has(EventField::kDuration)) out.duration_us = event.duration_us;
  if (has(EventField::kClient)) out.client = Client(event.client);
  if (has(EventField::kReferer)) out.referer = Referer(event.referer);
  if (has(EventField::kAgent)) out.agent = event.agent;
  if (has(EventField::kUser)) out.user = User(event.user);
  return out;
}

bool EventRedaction::TakesValueOf(std::string_view name) {
  DecodeName(name, &name_);
  const bool named = std::ranges::find(rules_.query.names, name_) != rules_.query.names.end();
  return named == (rules_.query.values == QueryRedaction::Values::kOfNames);
}

std::string_view EventRedaction::Query(std::string_view query, std::string* out) {
  if (rules_.query.values == QueryRedaction::Values::kNone) return query;
  if (query.find('=') == std::string_view::npos) return query;
  out->clear();
  for (;;) {
    const std::size_t end = query.find('&');
    Segment(query.substr(0, end), out);
    if (end == std::string_view::npos) return *out;
    *out += '&';
    query.remove_prefix(end + 1);
  }
}

// `segment` is what stands between two '&'.
void EventRedaction::Segment(std::string_view segment, std::string* out) {
  constexpr std::string_view kBeforeName = ";?#";
  std::size_t name = 0;
  for (;;) {
    const std::size_t stop = segment.find_first_of("=;?#", name);
    if (stop == std::string_view::npos) break;
    std::size_t next = stop;
    if (segment[stop] == '=') {
      if (TakesValueOf(segment.substr(name, stop - name))) {
        *out += segment.substr(0, stop + 1);
        *out += rules_.query.replace;
        return;
      }
      next = segment.find_first_of(kBeforeName, stop);
      if (next == std::string_view::npos) break;
    }
    name = next + 1;
  }
  *out += segment;
}

// What a page puts behind '#' is no query, but may hold a token as well.
std::string_view EventRedaction::Referer(std::string_view referer) {
  if (rules_.query.values == QueryRedaction::Values::kNone) return referer;
  const std::size_t mark = referer.find_first_of("?#");
  if (mark == std::string_view::npos) return referer;
  const std::string_view query = Query(referer.substr(mark + 1), &referer_query_);
  referer_.assign(referer.substr(0, mark + 1));
  referer_ += query;
  return referer_;
}

std::string_view EventRedaction::User(std::string_view user) {
  if (rules_.user == UserRedaction::kKeep || user.empty()) return user;
  if (rules_.user == UserRedaction::kDrop) return {};
  SHA256_CTX context;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  const bool done = SHA256_Init(&context) == 1 &&
                    SHA256_Update(&context, user.data(), user.size()) == 1 &&
                    SHA256_Final(digest.data(), &context) == 1;
  RR_CHECK(done);
  constexpr std::string_view kHex = "0123456789abcdef";
  for (std::size_t i = 0; i < user_.size(); i += 2) {
    user_[i] = kHex[digest[i / 2] >> 4];
    user_[i + 1] = kHex[digest[i / 2] & 15];
  }
  return {user_.data(), user_.size()};
}

std::string_view EventRedaction::Client(std::string_view client) {
  if (rules_.client == ClientRedaction::kKeep) return client;
  if (rules_.client == ClientRedaction::kDrop || client.size() >= client_.size()) return {};
  client_[client.copy(client_.data(), client.size())] = '\0';
  return Truncate(&client_) ? client_.data() : std::string_view();
}

}  // namespace routerate
