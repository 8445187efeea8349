// What a shop's nginx writes on an ordinary day: nothing to repair, a few routes with many ids.
#include "bench/nginx_lines.h"

#include <fmt/format.h>

#include <iterator>
#include <random>
#include <string_view>

#include "base/check.h"

namespace routerate::bench {
namespace {

constexpr std::uint32_t kSeed = 20261122;
constexpr std::uint32_t kIds = 512;  // a route
constexpr std::int64_t kFirstMillis = 1'795'363'205'000;

constexpr std::string_view kPaths[] = {"/orders/{}",
                                       "/cart/{}/items",
                                       "/products/{}?ref=home",
                                       "/search?q=shoes&page={}",
                                       "/static/img/{}.png",
                                       "/api/v1/users/{}/profile",
                                       "/checkout/{}/payment",
                                       "/help/topics/{}"};
constexpr std::string_view kMethods[] = {"GET", "GET", "GET", "POST"};
constexpr std::string_view kStatuses[] = {"200", "200", "200", "304", "404", "502"};
constexpr std::string_view kAgent =
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

class LineGenerator {
 public:
  // Appends a line whose referer is as long as it takes to make all lines of one length.
  void Append(std::string* out) {
    millis_ += Below(3);
    const std::size_t begin = out->size();
    const std::string path = fmt::format(fmt::runtime(Any(kPaths)), 48'000 + Below(kIds));
    const std::string seconds = fmt::format("0.{:03}", 1 + Below(250));
    fmt::format_to(
        std::back_inserter(*out),
        R"({{"@timestamp":"2026-11-23T00:{:02}:{:02}+08:00","msec":"{}.{:03}",)"
        R"("clientip":"192.168.{}.{}","user":"","method":"{}","http_host":"shop.example.com",)"
        R"("domain":"shop.example.com","request_uri":"{}","protocol":"HTTP/1.1","status":"{}",)"
        R"("body_bytes_sent":"{}","request_time":"{}","upstreamtime":"{}",)"
        R"("upstreamhost":"10.0.{}.{}:8080","xff":"","http_user_agent":"{}","referer":"/)",
        millis_ / 60'000 % 60, millis_ / 1000 % 60, millis_ / 1000, millis_ % 1000, Below(256),
        Below(256), Any(kMethods), path, Any(kStatuses), Below(90'000), seconds, seconds,
        Below(256), Below(256), kAgent);
    constexpr std::string_view kEnd = "\"}\n";
    const std::size_t written = out->size() - begin + kEnd.size();
    RR_CHECK(written <= kNginxLineBytes);
    out->append(kNginxLineBytes - written, 'r').append(kEnd);
  }

 private:
  std::uint32_t Below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  template <std::size_t N>
  std::string_view Any(const std::string_view (&texts)[N]) {
    return texts[Below(N)];
  }

  std::minstd_rand random_{kSeed};
  std::int64_t millis_ = kFirstMillis;
};

}  // namespace

std::string NginxLines(std::uint64_t lines) {
  std::string text;
  text.reserve(lines * kNginxLineBytes);
  LineGenerator generator;
  for (std::uint64_t i = 0; i < lines; ++i) generator.Append(&text);
  return text;
}

}  // namespace routerate::bench
