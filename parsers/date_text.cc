// Routes: dates. One cursor walks the text; each notation is a list of steps that all have to hold.
// What two notations could claim is a date in both, so their order does not matter.
#include "parsers/date_text.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "parsers/varying_text.h"

namespace routerate {
namespace {

constexpr std::string_view kSeparators = "-_.";
constexpr char kNoSeparator = '\0';  // parts that stand together: 22Nov2026

bool StartsWithWord(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         std::ranges::equal(text.substr(0, lower_case.size()), lower_case, {}, AsciiLower);
}

bool MayBeginMonth(char c) {
  return std::string_view("jfmasondJFMASOND").find(c) != std::string_view::npos;
}

// Each step moves on when it holds and stays where it is when it does not.
class DateCursor {
 public:
  explicit DateCursor(std::string_view text, std::size_t at = 0) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }

  // `digits` of them, with a value in [least, most].
  bool Number(std::size_t digits, int least, int most) {
    if (at_ + digits > text_.size()) return false;
    int value = 0;
    for (const char c : text_.substr(at_, digits)) {
      if (!IsAsciiDigit(c)) return false;
      value = value * 10 + (c - '0');
    }
    if (value < least || value > most) return false;
    at_ += digits;
    return true;
  }
  bool Year() { return Number(4, 1900, 2099); }
  bool Month() { return Number(2, 1, 12); }
  bool Day() { return Number(2, 1, 31); }
  bool ShortDay() { return Day() || Number(1, 1, 9); }

  // Its first three letters, or the whole word; any case.
  bool MonthName() {
    static constexpr std::array<std::string_view, 12> kMonths = {
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december"};
    const std::string_view rest = text_.substr(at_);
    if (rest.empty() || !MayBeginMonth(rest[0])) return false;
    for (const std::string_view month : kMonths) {
      if (!StartsWithWord(rest, month.substr(0, 3))) continue;
      at_ += StartsWithWord(rest, month) ? month.size() : 3;
      return true;
    }
    return false;
  }

  bool OneOf(std::string_view any_of) {
    if (at_ == text_.size() || any_of.find(text_[at_]) == std::string_view::npos) return false;
    ++at_;
    return true;
  }
  bool Separator(char separator) {
    return separator == kNoSeparator || OneOf(std::string_view(&separator, 1));
  }
  // The separator that stands here, taken; kNoSeparator: none does.
  char AnySeparator() { return OneOf(kSeparators) ? text_[at_ - 1] : kNoSeparator; }

  bool Text(std::string_view text) {
    if (!text_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  void Digits() {
    while (at_ < text_.size() && IsAsciiDigit(text_[at_])) ++at_;
  }
  // Nothing that would make a longer word of it follows; a placeholder would.
  bool AtEnd() const {
    return at_ == text_.size() || (!IsAsciiAlnum(text_[at_]) && text_[at_] != '{');
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

// "Z", "+08:00" or nothing.
void SkipZone(DateCursor* cursor) {
  if (cursor->OneOf("Zz")) return;
  DateCursor zone = *cursor;
  if (!zone.OneOf("+-") || !zone.Number(2, 0, 14)) return;
  *cursor = zone;
  if (!zone.OneOf(":")) zone = *cursor;
  if (zone.Number(2, 0, 59)) *cursor = zone;
}

// A time of day behind a date.
bool Time(DateCursor* cursor) {
  const bool iso = cursor->OneOf("Tt");
  if (!iso && !cursor->OneOf("_-+") && !cursor->Text("%20")) return false;
  if (!cursor->Number(2, 0, 24)) return false;
  int parts = 1;
  for (; parts < 3; ++parts) {
    DateCursor next = *cursor;
    next.OneOf(":-.");
    if (!next.Number(2, 0, 60)) break;
    *cursor = next;
  }
  if (!iso && parts == 1) return false;
  DateCursor fraction = *cursor;
  if (fraction.OneOf(".,") && fraction.Number(1, 0, 9)) {
    fraction.Digits();
    *cursor = fraction;
  }
  SkipZone(cursor);
  return true;
}

// W47, W47-7, Q4, behind the year.
bool WeekOrQuarter(DateCursor* cursor) {
  if (cursor->OneOf("Qq")) return cursor->Number(1, 1, 4);
  if (!cursor->OneOf("Ww") || !cursor->Number(2, 1, 53)) return false;
  DateCursor day = *cursor;
  day.OneOf("-");
  if (day.Number(1, 1, 7) && day.AtEnd()) *cursor = day;
  return true;
}

// 2026-11-22, 2026-Nov-22, 2026-W47; 20261122 with its T.
bool YearFirst(DateCursor* cursor) {
  if (!cursor->Year()) return false;
  const char separator = cursor->AnySeparator();
  DateCursor week = *cursor;
  if (WeekOrQuarter(&week)) {
    *cursor = week;
    return true;
  }
  const bool number = cursor->Month();
  if (!number && !cursor->MonthName()) return false;
  if (!cursor->Separator(separator) || !cursor->Day()) return false;
  DateCursor time = *cursor;
  return !number || separator != kNoSeparator || (time.OneOf("Tt") && time.Number(2, 0, 24));
}

// 22-Nov-2026, 22Nov2026, 22-11-2026, 11-22-2026.
bool YearLast(DateCursor* cursor) {
  DateCursor month_first = *cursor;
  const bool may_be_month = month_first.Month();
  if (!cursor->ShortDay()) return false;
  const char separator = cursor->AnySeparator();
  if (!cursor->MonthName()) {
    const bool two_numbers = separator != kNoSeparator && cursor->at() == 3;
    if (!two_numbers || !(may_be_month ? cursor->Day() : cursor->Month())) return false;
  }
  return cursor->Separator(separator) && cursor->Year();
}

// Nov-22-2026.
bool NameFirst(DateCursor* cursor) {
  if (!cursor->MonthName()) return false;
  const char separator = cursor->AnySeparator();
  return cursor->ShortDay() && cursor->Separator(separator) && cursor->Year();
}

}  // namespace

std::size_t DateLength(std::string_view text) {
  constexpr std::size_t kShortest = 6;  // 2026Q4
  // This is asked of every word of every path, and most are none.
  if (text.size() < kShortest) return 0;
  if (!IsAsciiDigit(text[0]) && !MayBeginMonth(text[0])) return 0;
  for (const auto notation : {YearFirst, YearLast, NameFirst}) {
    DateCursor day(text);
    if (!notation(&day)) continue;
    DateCursor time = day;
    if (Time(&time) && time.AtEnd()) return time.at();
    if (day.AtEnd()) return day.at();
  }
  return 0;
}

}  // namespace routerate
