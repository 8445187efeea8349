// The target of a request line as path and query, decoded once and here.
#include "base/http_message.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/one_line.h"

namespace routerate {
namespace {

enum class Plus { kStays, kIsSpace };

std::string Decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() && text[i] == '%' ? HexDigit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : HexDigit(text[i + 2]);
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' && plus == Plus::kIsSpace ? ' ' : text[i];
    }
  }
  return out;
}

// RFC 9112, 3.2.2: of an absolute URI only what is behind its host matters.
std::string_view WithoutOrigin(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!SameHeader(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(std::min(target.find_first_of("/?", scheme.size()), target.size()));
    return target.starts_with('/') ? target : "/";
  }
  return target;
}

}  // namespace

bool SameHeader(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, AsciiLower, AsciiLower);
}

std::vector<std::string_view> HttpRequest::Values(std::string_view header) const {
  std::vector<std::string_view> values;
  for (const HttpHeader& each : headers) {
    if (SameHeader(each.name, header)) values.emplace_back(each.value);
  }
  return values;
}

bool HttpRequest::Accepts(std::string_view type) const {
  return std::ranges::any_of(Values("Accept"), [type](std::string_view value) {
    return value.find(type) != std::string_view::npos;
  });
}

HttpResponse Refusal(int status, std::string_view why) {
  return {.status = status, .body = OneLine(why) + "\n"};
}

std::string PercentDecoded(std::string_view text) { return Decode(text, Plus::kStays); }

void ParseTarget(std::string_view target, HttpRequest* request) {
  target = WithoutOrigin(target);
  const std::size_t mark = target.find('?');
  request->path = Decode(target.substr(0, mark), Plus::kStays);
  std::string_view query = mark == std::string_view::npos ? "" : target.substr(mark + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    if (pair.empty()) continue;
    request->query.emplace(Decode(pair.substr(0, equals), Plus::kIsSpace),
                           Decode(value, Plus::kIsSpace));
  }
}

}  // namespace routerate
