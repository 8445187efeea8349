// Routes: the slug. Uniqueness is by construction: a plain slug is one from which the route can be
// read back, letter by letter; whatever is not plain carries a hash; and what is plain but looks as
// if it carried a hash is given one too, so that the two kinds never meet.
#include "parsers/route_id.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.h"
#include "base/check.h"
#include "parsers/varying_text.h"

namespace routerate {
namespace {

constexpr std::size_t kMaxLabelBytes = 63;
constexpr std::size_t kHashDigits = 10;
constexpr std::size_t kCutBytes = kMaxLabelBytes - kHashDigits - 1;
constexpr std::string_view kRoot = "root";

bool IsPlainChar(char c) { return (c >= 'a' && c <= 'z') || IsAsciiDigit(c); }
bool IsPlainWord(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, IsPlainChar);
}
bool IsCommonMethod(std::string_view method) {
  return std::ranges::find(kCommonMethods, method) != kCommonMethods.end();
}
bool IsMethodWord(std::string_view word) {
  return std::ranges::any_of(
      kCommonMethods, [&](auto method) { return AsciiLowered(std::string(method)) == word; });
}
// Placeholders that are read as a plain word, which therefore no literal segment may be.
bool IsShortPlaceholder(std::string_view word) { return word == "id" || word == "uuid"; }

// A segment's word, with a leading '-' for a placeholder; nullopt: not plain.
std::optional<std::string> PlainSegment(std::string_view segment) {
  if (segment == "**") return "-all";
  if (segment == "*") return "-any";
  if (IsPlainWord(segment)) {
    if (IsShortPlaceholder(segment)) return std::nullopt;
    return std::string(segment);
  }
  if (segment.size() < 3 || !segment.starts_with('{') || !segment.ends_with('}'))
    return std::nullopt;
  const std::string_view name = segment.substr(1, segment.size() - 2);
  if (!IsPlainWord(name) || name == "all" || name == "any") return std::nullopt;
  return IsShortPlaceholder(name) ? std::string(name) : "-" + std::string(name);
}

// "/orders/{id}" -> "orders-id"; nullopt: not plain.
std::optional<std::string> PlainRoute(std::string_view route) {
  if (route == "/") return std::string(kRoot);
  std::string slug;
  while (!route.empty()) {
    if (!route.starts_with('/')) return std::nullopt;
    route.remove_prefix(1);
    const std::string_view segment = route.substr(0, route.find('/'));
    route.remove_prefix(segment.size());
    const auto word = PlainSegment(segment);
    if (!word) return std::nullopt;
    if (!slug.empty()) slug += '-';
    slug += *word;
  }
  if (slug.empty() || slug == kRoot) return std::nullopt;
  return slug;
}

bool EndsLikeHash(std::string_view slug) {
  const auto hex = [](char c) { return IsAsciiDigit(c) || (c >= 'a' && c <= 'f'); };
  if (slug.size() < kHashDigits) return false;
  const std::string_view end = slug.substr(slug.size() - kHashDigits);
  return std::ranges::all_of(end, hex);
}

std::optional<std::string> PlainSlug(std::string_view method, std::string_view route) {
  auto slug = PlainRoute(route);
  if (!slug) return std::nullopt;
  if (method.empty()) {
    // "/get/orders" without a method would read as "GET /orders".
    if (IsMethodWord(slug->substr(0, slug->find('-')))) return std::nullopt;
  } else {
    if (!IsCommonMethod(method)) return std::nullopt;
    *slug = AsciiLowered(std::string(method)) + "-" + *slug;
  }
  // A route that begins with a placeholder and has no method: "-name" is no label.
  if (slug->starts_with('-') || slug->size() > kMaxLabelBytes || EndsLikeHash(*slug))
    return std::nullopt;
  return slug;
}

// Lower case; everything between letters and digits is one '-'; at most kCutBytes.
std::string LossySlug(std::string_view key) {
  std::string slug;
  for (const char c : AsciiLowered(std::string(key))) {
    if (slug.size() == kCutBytes) break;
    if (IsAsciiAlnum(c)) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (slug.ends_with('-')) slug.pop_back();
  return slug;
}

// The first kHashDigits digits of the SHA-256, lower case.
std::string HashDigits(std::string_view key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  const int done =
      EVP_Digest(key.data(), key.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  RR_CHECK(done == 1);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string digits;
  for (std::size_t i = 0; i < kHashDigits / 2; ++i) {
    digits += kHex[digest[i] >> 4];
    digits += kHex[digest[i] & 15];
  }
  return digits;
}

}  // namespace

bool IsLabelValue(std::string_view text) {
  const auto inner = [](char c) { return IsAsciiAlnum(c) || c == '-' || c == '_' || c == '.'; };
  return !text.empty() && text.size() <= kMaxLabelBytes && IsAsciiAlnum(text.front()) &&
         IsAsciiAlnum(text.back()) && std::ranges::all_of(text, inner);
}

std::string RouteId(std::string_view method, std::string_view route) {
  if (auto slug = PlainSlug(method, route)) return *std::move(slug);
  return HashedRouteId(method, route, 0);
}

std::string HashedRouteId(std::string_view method, std::string_view route, unsigned attempt) {
  std::string key = std::string(method) + ' ' + std::string(route);
  const std::string slug = LossySlug(key);
  // No method and no canonical route has a space, so no other route's key looks like this.
  if (attempt > 0) key += ' ' + std::to_string(attempt);
  return (slug.empty() ? "route" : slug) + "-" + HashDigits(key);
}

}  // namespace routerate
