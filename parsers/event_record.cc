// An event as one line of JSON. Written straight into the batch: the longest that it could become
// is made sure of first, then each piece is copied without further checks.
#include "parsers/event_record.h"

#include <array>
#include <charconv>
#include <cstring>

namespace routerate {
namespace {

constexpr std::size_t kMostPerByte = 6;      // \u001f
constexpr std::size_t kFixedPerEvent = 320;  // keys, numbers, punctuation

// What a byte needs in a JSON string: 0 nothing, 'u' \u00XX, otherwise a backslash and this letter.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> escapes{};
  for (std::size_t c = 0; c < 0x20; ++c) escapes[c] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}();

char EscapeOf(char c) { return kEscapes[static_cast<unsigned char>(c)]; }

// Whether one of eight bytes is a quote, a backslash or a control byte: the usual trick of finding
// a zero byte in a word, which may only err towards yes.
bool HasEscapes(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kTops = 0x8080808080808080;
  const std::uint64_t quote = word ^ kOnes * '"';
  const std::uint64_t backslash = word ^ kOnes * '\\';
  const std::uint64_t hits = (quote - kOnes) & ~quote;
  const std::uint64_t more = (backslash - kOnes) & ~backslash;
  const std::uint64_t control = (word - kOnes * 0x20) & ~word;
  return ((hits | more | control) & kTops) != 0;
}

class LineWriter {
 public:
  explicit LineWriter(char* out) : out_(out) {}

  char* end() const { return out_; }

  void Literal(std::string_view text) {
    std::memcpy(out_, text.data(), text.size());
    out_ += text.size();
  }

  template <typename Integer>
  void Number(std::string_view key, Integer value) {
    constexpr std::size_t kMostDigits = 20;
    Literal(key);
    out_ = std::to_chars(out_, out_ + kMostDigits, value).ptr;
  }

  // Left out when empty.
  void Text(std::string_view key, std::string_view text) {
    if (text.empty()) return;
    Literal(key);
    *out_++ = '"';
    Escaped(text);
    *out_++ = '"';
  }

  // Microseconds as milliseconds with three decimals.
  void Millis(std::string_view key, std::int64_t micros) {
    Number(key, micros / 1000);
    const auto rest = static_cast<int>(micros % 1000);
    *out_++ = '.';
    *out_++ = static_cast<char>('0' + rest / 100);
    *out_++ = static_cast<char>('0' + rest / 10 % 10);
    *out_++ = static_cast<char>('0' + rest % 10);
  }

 private:
  void Escaped(std::string_view text) {
    while (text.size() >= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data(), sizeof(word));
      if (HasEscapes(word)) {
        for (const char c : text.substr(0, sizeof(word))) Byte(c);
      } else {
        std::memcpy(out_, &word, sizeof(word));
        out_ += sizeof(word);
      }
      text.remove_prefix(sizeof(word));
    }
    for (const char c : text) Byte(c);
  }

  void Byte(char c) {
    constexpr char kHex[] = "0123456789abcdef";
    const char escape = EscapeOf(c);
    if (escape == 0) {
      *out_++ = c;
      return;
    }
    *out_++ = '\\';
    *out_++ = escape;
    if (escape != 'u') return;
    Literal("00");
    *out_++ = kHex[c >> 4];
    *out_++ = kHex[c & 15];
  }

  char* out_;
};

std::size_t MostBytes(const AccessEvent& event) {
  const std::size_t texts = event.method.size() + event.host.size() + event.path.size() +
                            event.query.size() + event.client.size() + event.referer.size() +
                            event.agent.size() + event.user.size();
  return kFixedPerEvent + kMostPerByte * texts;
}

// Field order is part of the format (docs/record.md).
char* WriteEvent(std::uint64_t offset, const AccessEvent& event, char* out) {
  LineWriter line(out);
  line.Number("{\"offset\":", offset);
  line.Number(",\"ts\":", event.ts_ms);
  line.Text(",\"method\":", event.method);
  line.Text(",\"host\":", event.host);
  line.Text(",\"path\":", event.path);
  line.Text(",\"query\":", event.query);
  if (event.status != 0) line.Number(",\"status\":", event.status);
  if (event.bytes >= 0) line.Number(",\"bytes\":", event.bytes);
  if (event.duration_us >= 0) line.Millis(",\"duration_ms\":", event.duration_us);
  line.Text(",\"client\":", event.client);
  line.Text(",\"referer\":", event.referer);
  line.Text(",\"agent\":", event.agent);
  line.Text(",\"user\":", event.user);
  line.Literal("}\n");
  return line.end();
}

}  // namespace

void AppendEvent(std::uint64_t offset, const AccessEvent& event, std::string* out) {
  const std::size_t before = out->size();
  out->resize_and_overwrite(before + MostBytes(event), [&](char* data, std::size_t) {
    return static_cast<std::size_t>(WriteEvent(offset, event, data + before) - data);
  });
}

}  // namespace routerate
