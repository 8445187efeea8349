// Routes, step 1: the target as sent becomes one spelling of its path. Servers decode, fold and
// resolve a target before they choose who serves it; counting by the bytes as sent would let one
// route appear under many names. One pass over the bytes, segment by segment.
#include "parsers/request_path.h"

#include <array>

#include "base/ascii.h"

namespace routerate {
namespace {

// Bytes that may stand for themselves in a segment: RFC 3986's pchar, without ';' (it begins
// parameters) and ' (a quote), and with braces, which clients send as they are.
constexpr std::array<bool, 256> MakePlainBytes() {
  std::array<bool, 256> plain{};
  for (unsigned c = '0'; c <= '9'; ++c) plain[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) plain[c] = plain[c - 'a' + 'A'] = true;
  for (const char c : std::string_view("-._~!$&()*+,=:@{}"))
    plain[static_cast<unsigned char>(c)] = true;
  return plain;
}
constexpr std::array<bool, 256> kPlainBytes = MakePlainBytes();

void AppendByte(unsigned char byte, std::string* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  if (kPlainBytes[byte]) {
    out->push_back(static_cast<char>(byte));
  } else {
    out->append({'%', kHex[byte >> 4], kHex[byte & 15]});
  }
}

// *out ends with '/' and a segment that begins at `start`: takes back what names no segment.
void FoldSegment(std::size_t start, std::string* out) {
  const std::string_view name = std::string_view(*out).substr(start + 1);
  if (name.empty() || name == ".") {
    out->resize(start);
  } else if (name == "..") {
    out->resize(start);
    if (!out->empty()) out->resize(out->rfind('/'));
  }
}

// "http://host:80/path" -> "/path"; "http://host" -> "/"; anything else as it is.
std::string_view WithoutAuthority(std::string_view target) {
  if (target.starts_with('/')) return target;
  const std::size_t scheme_end = target.find("://");
  if (scheme_end == std::string_view::npos || scheme_end == 0) return target;
  const std::size_t path = target.find('/', scheme_end + 3);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

// Most are: nothing has to be written anew then but one copy.
bool IsCanonical(std::string_view target) {
  if (!target.starts_with('/') || (target.size() > 1 && target.back() == '/')) return false;
  char previous = 'a';
  for (const char c : target) {
    // A segment that begins with a dot may be "..".
    if (previous == '/' && (c == '/' || c == '.')) return false;
    if (c != '/' && !kPlainBytes[static_cast<unsigned char>(c)]) return false;
    previous = c;
  }
  return true;
}

}  // namespace

void AppendCanonicalBytes(std::string_view bytes, std::string* out) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '%' && i + 2 < bytes.size()) {
      const int high = HexDigit(bytes[i + 1]);
      const int low = HexDigit(bytes[i + 2]);
      if (high >= 0 && low >= 0) {
        AppendByte(static_cast<unsigned char>(high * 16 + low), out);
        i += 2;
        continue;
      }
    }
    AppendByte(static_cast<unsigned char>(bytes[i]), out);
  }
}

void CanonicalPath(std::string_view target, std::string* out) {
  if (IsCanonical(target)) {
    out->assign(target);
    return;
  }
  out->clear();
  target = WithoutAuthority(target);
  if (!target.starts_with('/')) {
    *out = target == "*" ? "*" : "-";
    return;
  }
  while (!target.empty()) {
    target.remove_prefix(1);  // the slash
    const std::string_view segment = target.substr(0, target.find('/'));
    target.remove_prefix(segment.size());
    const std::size_t start = out->size();
    out->push_back('/');
    AppendCanonicalBytes(segment.substr(0, segment.find(';')), out);
    FoldSegment(start, out);
  }
  if (out->empty()) *out = "/";
}

}  // namespace routerate
