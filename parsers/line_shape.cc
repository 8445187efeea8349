// A shape learnt and a line split by it.
//
// The rule against forgery. In a line whose texts are not escaped a client can write what looks
// like the server's punctuation. So a value is taken only where its end is certain:
//   - what the server writes (address, time, status, bytes, durations) holds no quote: it ends at
//     the first one. Behind the last text of a client's, such values are read from the line's end.
//   - a request line is a method, a target without blanks, and a version without quotes.
//   - a query that repeats the request line's is known already.
//   - a user name holds no colon (RFC 7617, 2), so no separator either: the first one ends it.
//   - any other text of a client's ends at the separator, if that stands there once. If it stands
//     there more often, the text that begins is cut at the first one, and the values behind it, up
//     to where certainty begins again, are absent. If the request line, its time or its status are
//     among them, the line is ambiguous.
// So what a client sends can shorten that text and can make other texts of the same request absent;
// it never becomes another field's value.
#include "parsers/line_shape.h"

#include <algorithm>

#include "parsers/nowhere.h"

namespace routerate {
namespace {

using enum LogField;

enum class Ends { kAtQuote, kRequestLine, kQuery, kUser, kAtSeparator };

Ends EndsOf(LogField field) {
  switch (field) {
    case kPreciseTime:
    case kTime:
    case kLocalTime:
    case kStatus:
    case kBytes:
    case kSeconds:
    case kMillis:
    case kMicros:
    case kCommitMillis:
    case kClient:
    case kIdentity:
    case kServerName:
      return Ends::kAtQuote;
    case kMethod:
    case kRequest:
      return Ends::kRequestLine;
    case kQuery:
      return Ends::kQuery;
    case kUser:
      return Ends::kUser;
    default:
      return Ends::kAtSeparator;
  }
}

// Without these there is no telling what was requested, and how it went.
bool IsEssential(LogField field) {
  switch (field) {
    case kPreciseTime:
    case kTime:
    case kLocalTime:
    case kStatus:
    case kMethod:
    case kRequest:
    case kRequestUri:
    case kUri:
      return true;
    default:
      return false;
  }
}

// A JSON number with nothing behind it.
bool IsBareNumber(const char* begin, const char* end) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return (*begin == '-' || is_digit(*begin)) && is_digit(end[-1]);
}

// Where a request line ends that `text` begins with.
std::size_t RequestLineEnd(std::string_view text) {
  const std::size_t target = text.find(' ');
  const std::size_t quote = text.find('"');
  if (quote < target) return quote;  // "-"
  if (target == kNowhere) return kNowhere;
  const std::size_t version = text.find(' ', target + 1);
  return version == kNowhere ? kNowhere : text.find('"', version);
}

std::string_view QueryOf(std::string_view request_line) {
  const std::size_t target = request_line.find(' ');
  const std::size_t mark = request_line.find('?');
  if (target == kNowhere || mark == kNowhere) return {};
  return request_line.substr(mark, request_line.find(' ', target + 1) - mark);
}

}  // namespace

LineShape::KeyWords::KeyWords(std::string_view key) {
  constexpr std::array<char, kBytes> kOnes = [] {
    std::array<char, kBytes> ones{};
    ones.fill(static_cast<char>(0xFF));
    return ones;
  }();
  const std::size_t first = std::min(key.size(), sizeof(low));
  const std::size_t second = std::min(key.size() - first, sizeof(high));
  std::memcpy(&low, key.data(), first);
  std::memcpy(&low_mask, kOnes.data(), first);
  std::memcpy(&high, key.data() + first, second);
  std::memcpy(&high_mask, kOnes.data(), second);
}

void LineShape::Learn(std::string_view line, const KeyTable& keys) {
  parts_.clear();
  text_.clear();
  const auto structure = FindJsonStructure(line);
  if (!structure) return;
  std::size_t behind = 0;  // the value before
  const auto failed = JsonWalk(line, *structure).Run([&](const JsonItem& item) {
    const auto begin = static_cast<std::size_t>(item.text.data() - line.data());
    const auto key = static_cast<std::size_t>(item.key.data() - line.data());
    Part part{.words = KeyWords(item.key),
              .key_begin = static_cast<std::uint32_t>(text_.size() + key - behind),
              .key_size = static_cast<std::uint32_t>(item.key.size()),
              .literal_begin = static_cast<std::uint32_t>(text_.size()),
              .literal_size = static_cast<std::uint32_t>(begin - behind),
              .quotes = item.quotes};
    text_ += line.substr(behind, begin - behind);
    parts_.push_back(part);
    Mean(keys.FindIn(item.owner, item.key), &parts_.back());
    behind = begin + item.text.size();
  });
  tail_ = line.substr(behind);
  if (failed || parts_.size() > kMostKeys) parts_.clear();
}

LineShape::LineShape(const LineShape& other, const KeyTable& keys) : LineShape(other) {
  for (Part& part : parts_) part.slot = LogField::kNone;
  for (Part& part : parts_) Mean(keys.Find(Key(part)), &part);
}

void LineShape::Mean(LogField field, Part* part) {
  const auto same = [field](const Part& other) { return other.slot == field; };
  part->field = field;
  part->slot = std::any_of(parts_.begin(), parts_.end(), same) ? kNone : field;
}

bool LineShape::Read(std::string_view line, JsonStructure structure, LogFields* fields) const {
  constexpr std::size_t kPerKey = 4;  // the key, its colon, its value, and what follows
  if (structure.size() != 1 + kPerKey * parts_.size() || parts_.empty()) return false;
  const char* const base = line.data();
  const std::uint32_t* at = &structure[1];
  for (const Part& part : parts_) {
    const char* const key = base + at[0];
    const char* const value = base + at[2];
    const char* const end = base + at[3];
    const bool expected = *key == '"' && at[1] - at[0] == part.key_size + 2 && base[at[1]] == ':' &&
                          IsKey(part, key + 1);
    if (!expected) return false;
    if (*value == '"') {
      if (end[-1] != '"') return false;
      (*fields)[part.slot] = {value + 1, end - 1};
    } else {
      if (!IsBareNumber(value, end)) return false;
      (*fields)[part.slot] = {value, end};
    }
    if (*end != (&part == &parts_.back() ? '}' : ',')) return false;
    at += kPerKey;
  }
  return base[structure.front()] == '{';
}

bool LineShape::IsRepeated(const Part& part) const {
  if (part.field == kNone) return false;
  const auto same = [&](const Part& other) {
    return other.field == part.field && Key(other) == Key(part);
  };
  return std::count_if(parts_.begin(), parts_.end(), same) > 1;
}

bool LineShape::HasRepeatedKey() const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [&](const Part& part) { return IsRepeated(part); });
}

LineShape::Outcome LineShape::ForgetRepeated(LogFields* fields) const {
  Outcome outcome = Outcome::kSplit;
  bool behind_text = false;
  LogFields known;  // before any text of the client's
  for (const Part& part : parts_) {
    const Ends ends = EndsOf(part.field);
    if (behind_text && IsRepeated(part) && !known.Has(part.field)) {
      (*fields)[part.field] = {};
      if (IsEssential(part.field)) outcome = Outcome::kAmbiguous;
    }
    if (!behind_text) known[part.field] = Key(part);
    behind_text = behind_text || ends == Ends::kAtSeparator || ends == Ends::kUser;
  }
  return outcome;
}

// One line on its way through a shape, left to right.
class ShapeSplitter {
 public:
  using Outcome = LineShape::Outcome;

  ShapeSplitter(const LineShape& shape, std::string_view line, LogFields* fields)
      : shape_(shape), rest_(line), fields_(*fields) {}

  Outcome Run() {
    if (shape_.size() == 0 || !rest_.ends_with(shape_.tail_)) return Outcome::kNot;
    rest_.remove_suffix(shape_.tail_.size());
    if (!TakeLiteral(0)) return Outcome::kNot;
    std::size_t i = 0;
    for (; i < shape_.size() && ends(i) != Ends::kAtSeparator; ++i) {
      if (!TakeCertain(i)) return Outcome::kNot;
    }
    return i == shape_.size() ? Outcome::kSplit : SplitTexts(i);
  }

 private:
  Ends ends(std::size_t i) const { return EndsOf(shape_.field(i)); }
  bool IsLast(std::size_t i) const { return i + 1 == shape_.size(); }

  bool TakeLiteral(std::size_t i) {
    const std::string_view literal = shape_.Literal(i);
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }

  std::size_t CertainEnd(std::size_t i) const {
    const bool bare = shape_.parts_[i].quotes == Quotes::kNone;
    if (bare || ends(i) == Ends::kUser) {
      return IsLast(i) ? rest_.size() : rest_.find(shape_.Literal(i + 1));
    }
    std::size_t end = rest_.find('"');
    if (ends(i) == Ends::kRequestLine) end = RequestLineEnd(rest_);
    if (ends(i) == Ends::kQuery && IsQueryThenLiteral(i)) end = query_.size();
    return IsLast(i) && end == kNowhere ? rest_.size() : end;
  }

  bool IsQueryThenLiteral(std::size_t i) const {
    if (!rest_.starts_with(query_)) return false;
    const std::string_view behind = rest_.substr(query_.size());
    return IsLast(i) ? behind.empty() : behind.starts_with(shape_.Literal(i + 1));
  }

  bool TakeCertain(std::size_t i) {
    const std::size_t end = CertainEnd(i);
    if (end == kNowhere) return false;
    Keep(i, rest_.substr(0, end));
    if (ends(i) == Ends::kRequestLine) query_ = QueryOf(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return IsLast(i) ? rest_.empty() : TakeLiteral(i + 1);
  }

  // What is left begins with a text that may hold anything.
  Outcome SplitTexts(std::size_t first) {
    std::size_t last = shape_.size() - 1;
    for (; last > first && ends(last) == Ends::kAtQuote; --last) {
      if (!TakeFromEnd(last)) return Outcome::kNot;
    }
    bool certain = true;
    Outcome outcome = Outcome::kSplit;
    for (std::size_t i = first; i <= last; ++i) {
      const std::size_t end = i == last ? rest_.size() : rest_.find(shape_.Literal(i + 1));
      if (end == kNowhere) return Outcome::kNot;
      if (certain) {
        Keep(i, rest_.substr(0, end));
      } else if (IsEssential(shape_.field(i))) {
        outcome = Outcome::kAmbiguous;
      }
      if (i == last) break;
      const std::string_view literal = shape_.Literal(i + 1);
      if (certain && rest_.find(literal, end + 1) != kNowhere) {
        certain = false;
        outcome = Outcome::kSplitBare;
      }
      rest_.remove_prefix(end + literal.size());
    }
    return outcome;
  }

  bool TakeFromEnd(std::size_t i) {
    const std::string_view literal = shape_.Literal(i);
    const std::size_t position = rest_.rfind(literal);
    if (position == kNowhere) return false;
    const std::string_view value = rest_.substr(position + literal.size());
    if (value.find('"') != kNowhere) return false;
    Keep(i, value);
    rest_ = rest_.substr(0, position);
    return true;
  }

  void Keep(std::size_t i, std::string_view value) { fields_[shape_.parts_[i].slot] = value; }

  const LineShape& shape_;
  std::string_view rest_;
  std::string_view query_;  // the request line's, with its '?'
  LogFields& fields_;
};

LineShape::Outcome LineShape::Split(std::string_view line, LogFields* fields) const {
  return ShapeSplitter(*this, line, fields).Run();
}

bool IsJsonText(std::string_view text) {
  constexpr std::string_view kLetters = "\"\\/bfnrtv";  // \v: some tomcats write it
  constexpr std::size_t kDigits = 4;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || (c >= 0 && c < ' ')) return false;
    if (c != '\\') continue;
    if (++i == text.size()) return false;
    if (kLetters.find(text[i]) != kNowhere) continue;
    const std::string_view digits = text.substr(i + 1, kDigits);
    const bool code_point = text[i] == 'u' && digits.size() == kDigits &&
                            digits.find_first_not_of("0123456789abcdefABCDEF") == kNowhere;
    if (!code_point) return false;
  }
  return true;
}

}  // namespace routerate
