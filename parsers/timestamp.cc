// Times in log lines. A small cursor reads fixed-width digits; the calendar is std::chrono's, which
// is arithmetic only.
#include "parsers/timestamp.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

#include "base/ascii.h"
#include "parsers/decimal.h"

namespace routerate {
namespace {

constexpr std::int64_t kEndMs = 253'402'300'800'000;  // the year 10000 begins

// Reads from the front of a text. After a failure everything fails, so that it is checked once.
class TimeCursor {
 public:
  explicit TimeCursor(std::string_view text) : text_(text) {}

  bool AtEnd() const { return ok_ && text_.empty(); }
  bool ok() const { return ok_; }

  int Digits(std::size_t count) {
    if (text_.size() < count) ok_ = false;
    int value = 0;
    for (std::size_t i = 0; ok_ && i < count; ++i) {
      if (!IsAsciiDigit(text_[i])) ok_ = false;
      value = value * 10 + (text_[i] - '0');
    }
    if (ok_) text_.remove_prefix(count);
    return value;
  }

  bool Take(char c) {
    if (!ok_ || text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  void Expect(char c) {
    if (!Take(c)) ok_ = false;
  }

  std::string_view TakeText(std::size_t count) {
    if (text_.size() < count) ok_ = false;
    if (!ok_) return {};
    const std::string_view taken = text_.substr(0, count);
    text_.remove_prefix(count);
    return taken;
  }

  // The digits that follow, as a fraction in thousandths; more than three are cut off.
  int Fraction() {
    int value = 0;
    int weight = 100;
    if (text_.empty() || !IsAsciiDigit(text_.front())) ok_ = false;
    while (ok_ && !text_.empty() && IsAsciiDigit(text_.front())) {
      value += (text_.front() - '0') * weight;
      weight /= 10;
      text_.remove_prefix(1);
    }
    return value;
  }

 private:
  std::string_view text_;
  bool ok_ = true;
};

struct LocalTime {
  int year = 0, month = 0, day = 0;
  int hour = 0, minute = 0, second = 0, millis = 0;
  int zone_minutes = 0;
};

std::optional<std::int64_t> ToEpochMs(const LocalTime& t) {
  const std::chrono::year_month_day date(std::chrono::year(t.year),
                                         std::chrono::month(static_cast<unsigned>(t.month)),
                                         std::chrono::day(static_cast<unsigned>(t.day)));
  // 60 is a leap second; it counts as the next minute's first.
  if (!date.ok() || t.hour > 23 || t.minute > 59 || t.second > 60) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t minutes = (days * 24 + t.hour) * 60 + t.minute - t.zone_minutes;
  const std::int64_t ms = (minutes * 60 + t.second) * 1000 + t.millis;
  if (ms < 0 || ms >= kEndMs) return std::nullopt;
  return ms;
}

// Z, +hh, +hhmm, +hh:mm
int ZoneMinutes(TimeCursor* in) {
  if (in->Take('Z') || in->Take('z')) return 0;
  const int sign = in->Take('-') ? -1 : 1;
  if (sign > 0) in->Expect('+');
  const int hours = in->Digits(2);
  const bool colon = in->Take(':');
  const int minutes = in->ok() && (colon || !in->AtEnd()) ? in->Digits(2) : 0;
  return sign * (hours * 60 + minutes);
}

void ReadClock(TimeCursor* in, LocalTime* t) {
  t->hour = in->Digits(2);
  in->Expect(':');
  t->minute = in->Digits(2);
  in->Expect(':');
  t->second = in->Digits(2);
  if (in->Take('.') || in->Take(',')) t->millis = in->Fraction();
}

int MonthFromName(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kNames = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (name == kNames[i]) return static_cast<int>(i) + 1;
  }
  return 0;
}

}  // namespace

std::optional<std::int64_t> ParseIso8601(std::string_view text) {
  TimeCursor in(text);
  LocalTime t;
  t.year = in.Digits(4);
  in.Expect('-');
  t.month = in.Digits(2);
  in.Expect('-');
  t.day = in.Digits(2);
  if (!in.Take(' ')) in.Expect('T');
  ReadClock(&in, &t);
  in.Take(' ');
  t.zone_minutes = ZoneMinutes(&in);
  return in.AtEnd() ? ToEpochMs(t) : std::nullopt;
}

std::optional<std::int64_t> ParseClfTime(std::string_view text) {
  TimeCursor in(text);
  LocalTime t;
  const bool bracket = in.Take('[');
  t.day = in.Digits(2);
  in.Expect('/');
  t.month = MonthFromName(in.TakeText(3));
  in.Expect('/');
  t.year = in.Digits(4);
  in.Expect(':');
  ReadClock(&in, &t);
  in.Expect(' ');
  const int sign = in.Take('-') ? -1 : 1;
  if (sign > 0) in.Expect('+');
  t.zone_minutes = in.Digits(2) * 60;
  t.zone_minutes = sign * (t.zone_minutes + in.Digits(2));
  if (bracket) in.Expect(']');
  return in.AtEnd() ? ToEpochMs(t) : std::nullopt;
}

std::optional<std::int64_t> ParseEpoch(std::string_view text) {
  constexpr std::size_t kMostDigits = 15;
  constexpr std::size_t kMillisDigits = 12;  // fewer are seconds up to the year 5138
  constexpr int kMillisScale = 3;
  const std::size_t whole = std::min(text.find('.'), text.size());
  if (whole > kMostDigits) return std::nullopt;
  const bool in_millis = whole >= kMillisDigits;
  const auto ms = ParseDecimal(text, in_millis ? 0 : kMillisScale);
  return ms && *ms < kEndMs ? ms : std::nullopt;
}

std::optional<std::int64_t> ParseTimestamp(std::string_view text) {
  if (text.size() > 4 && text[4] == '-') return ParseIso8601(text);
  if (text.find('/') != std::string_view::npos) return ParseClfTime(text);
  return ParseEpoch(text);
}

}  // namespace routerate
