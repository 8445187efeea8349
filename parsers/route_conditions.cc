// Routes, step 2b: method and host of a rule, checked after its expression fitted. Both become
// numbers when the rules are read; a request's are found by binary search, without a copy on the
// heap.
#include "parsers/route_conditions.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "parsers/varying_text.h"

namespace routerate {
namespace {

constexpr std::size_t kMaxHostBytes = 255;  // DNS allows 253

// A table: this is done for each request, and a branch a byte is what it would cost.
constexpr std::array<char, 256> MakeLowerCase() {
  std::array<char, 256> lower{};
  for (unsigned c = 0; c < 256; ++c) {
    lower[c] = AsciiLower(static_cast<char>(c));
  }
  return lower;
}
constexpr std::array<char, 256> kLowerCase = MakeLowerCase();

char LowerCase(char c) { return kLowerCase[static_cast<unsigned char>(c)]; }

// "Example.com:8080" -> "Example.com", "[::1]:80" and "[::1]" -> "::1".
std::string_view WithoutPort(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  const std::size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || host.find(':') != colon) return host;
  return host.substr(0, colon);
}

void SortUnique(std::vector<std::string>* values) {
  std::erase(*values, "");
  std::ranges::sort(*values);
  values->erase(std::ranges::unique(*values).begin(), values->end());
}

std::uint16_t NumberOf(const std::vector<std::string>& values, std::string_view value) {
  // Unequal lengths tell most values apart: for a few, looking at each is quicker than halving.
  constexpr std::size_t kFew = 16;
  const auto at = values.size() <= kFew ? std::ranges::find(values, value)
                                        : std::ranges::lower_bound(values, value, std::less<>());
  if (at == values.end() || *at != value) return 0;
  return static_cast<std::uint16_t>(at - values.begin() + 1);
}

std::uint16_t NumberOfHost(const std::vector<std::string>& hosts, std::string_view host) {
  if (hosts.empty()) return 0;
  host = WithoutPort(host);
  if (host.size() > kMaxHostBytes) return 0;
  std::array<char, kMaxHostBytes> lower;
  std::ranges::transform(host, lower.begin(), LowerCase);
  return NumberOf(hosts, std::string_view(lower.data(), host.size()));
}

}  // namespace

RouteConditions::RouteConditions(const std::vector<RouteRule>& rules) {
  static_assert(kMaxRouteRules < UINT16_MAX);
  for (const RouteRule& rule : rules) {
    methods_.push_back(rule.method);
    std::ranges::transform(rule.host, std::back_inserter(hosts_.emplace_back()), LowerCase);
  }
  SortUnique(&methods_);
  SortUnique(&hosts_);
  for (const RouteRule& rule : rules) rules_.push_back(Of(rule.method, rule.host));
}

RequestCondition RouteConditions::Of(std::string_view method, std::string_view host) const {
  return {NumberOf(methods_, method), NumberOfHost(hosts_, host)};
}

bool RouteConditions::Hold(std::size_t rule, RequestCondition request) const {
  const RequestCondition& asked = rules_[rule];
  return (asked.method == 0 || asked.method == request.method) &&
         (asked.host == 0 || asked.host == request.host);
}

}  // namespace routerate
