// Request lines and targets. Lenient: what a broken client sent is still somebody's traffic, so the
// best that can be said of it is said, and nothing more.
#include "parsers/request_line.h"

#include <array>
#include <cstddef>

#include "parsers/nowhere.h"

namespace routerate {
namespace {

constexpr std::string_view kRefusedVersion =
    " null";  // tomcat's word for one that it could not read

constexpr bool IsAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 9110 5.6.2.
constexpr std::array<bool, 256> kTokenBytes = [] {
  std::array<bool, 256> bytes{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
    bytes[static_cast<unsigned char>(c)] = true;
  for (unsigned char c = 0; c < 128; ++c) {
    if (IsAlphanumeric(static_cast<char>(c))) bytes[c] = true;
  }
  return bytes;
}();

// Length of the token that `text` begins with.
std::size_t TokenLength(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && kTokenBytes[static_cast<unsigned char>(text[i])]) ++i;
  return i;
}

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Length of "scheme://", 0 if there is none.
std::size_t SchemeLength(std::string_view target) {
  std::size_t i = 0;
  while (i < target.size() && (IsAlphanumeric(target[i]) || target[i] == '+')) ++i;
  return i > 0 && target.substr(i).starts_with("://") ? i + 3 : 0;
}

std::string_view HostOf(std::string_view authority) {
  if (const auto at = authority.rfind('@'); at != kNowhere) authority.remove_prefix(at + 1);
  const auto bracket = authority.rfind(']');  // the end of an IPv6 address
  const auto colon = authority.rfind(':');
  if (colon != kNowhere && (bracket == kNowhere || colon > bracket))
    authority = authority.substr(0, colon);
  return authority;
}

}  // namespace

void SplitTarget(std::string_view target, AccessEvent* event) {
  if (target.empty() || target == "-") return;
  const std::size_t scheme = target.front() == '/' ? 0 : SchemeLength(target);
  if (scheme > 0) {
    target.remove_prefix(scheme);
    const std::size_t authority = target.find_first_of("/?#");
    event->host = HostOf(target.substr(0, authority));
    target = authority == kNowhere ? std::string_view() : target.substr(authority);
  }
  const std::size_t mark = target.find('?');
  const bool has_path = scheme == 0 || target.starts_with('/');
  event->path = has_path ? target.substr(0, mark) : std::string_view("/");
  if (mark != kNowhere) event->query = target.substr(mark + 1);
}

RequestLine SplitRequestLine(std::string_view line) {
  const std::size_t blank = TokenLength(line);
  if (blank == 0 || blank == line.size() || line[blank] != ' ') return {};
  RequestLine parts{.method = line.substr(0, blank), .target = line.substr(blank + 1)};
  constexpr std::string_view kVersion = " HTTP/1.1";
  const std::size_t version = parts.target.ends_with(kVersion)
                                  ? parts.target.size() - kVersion.size()
                                  : parts.target.rfind(" HTTP/");
  if (version != kNowhere) {
    parts.target = parts.target.substr(0, version);
  } else if (parts.target.ends_with(kRefusedVersion)) {
    parts.target.remove_suffix(kRefusedVersion.size());
  }
  parts.target = TrimBlanks(parts.target);
  return parts;
}

}  // namespace routerate
