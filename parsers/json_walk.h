// Walks the keys of a JSON object in the order in which they stand.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "parsers/json_structure.h"

namespace routerate {

enum class Quotes { kNone, kBoth };

constexpr bool IsJsonWord(std::string_view text) {
  return text == "null" || text == "true" || text == "false";
}
// Leniently: leading zeros are let pass.
constexpr bool IsJsonNumber(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && kDigits.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

// One key with a scalar value. Texts are as written: quotes are taken off, escapes stand.
struct JsonItem {
  std::string_view owner;  // key of the object that it is in; empty in the line's own
  std::string_view key;
  std::string_view text;
  Quotes quotes;
};

// Calls visit(JsonItem) for each key of a scalar, in `line` and in objects in it; arrays are passed
// over. Fails with the position where `line` is no object.
class JsonWalk {
 public:
  JsonWalk(std::string_view line, JsonStructure structure) : line_(line), at_(structure) {}

  template <typename Visitor>
  std::optional<std::size_t> Run(Visitor&& visit) {
    if (Char(0) != '{') return Position(0);
    std::size_t i = 1;
    if (Char(i) == '}') return End(i + 1);
    for (;;) {
      if (i + 3 >= at_.size() || Char(i) != '"' || Char(i + 1) != ':') return Position(i);
      JsonItem item{.owner = owners_[depth_], .key = Inside(i, i + 1), .text = {}, .quotes = {}};
      const char first = Char(i + 2);
      i += 3;
      if (first == '"') {
        item.quotes = Quotes::kBoth;
        item.text = Inside(i - 1, i);
        visit(item);
      } else if (first == '{') {
        if (depth_ + 1 == owners_.size()) return Position(i - 1);
        owners_[++depth_] = item.key;
        if (Char(i) != '}') continue;
      } else if (first == '[') {
        i = BehindArray(i);
      } else {
        item.quotes = Quotes::kNone;
        item.text = Scalar(i - 1, i);
        if (item.text.empty()) return Position(i - 1);
        visit(item);
      }
      for (; Char(i) == '}'; ++i) {
        if (depth_ == 0) return End(i + 1);
        --depth_;
      }
      if (Char(i) != ',') return Position(i);
      ++i;
    }
  }

 private:
  static constexpr std::size_t kMostNesting = 8;

  char Char(std::size_t i) const { return i < at_.size() ? line_[at_[i]] : '\0'; }
  std::size_t Position(std::size_t i) const { return i < at_.size() ? at_[i] : line_.size(); }
  std::optional<std::size_t> End(std::size_t i) const {
    return i == at_.size() ? std::nullopt : std::optional(Position(i));
  }

  // From `begin` up to `next`, without the white space at its end.
  std::string_view Token(std::size_t begin, std::size_t next) const {
    std::size_t end = at_[next];
    while (end > at_[begin] && (line_[end - 1] == ' ' || line_[end - 1] == '\t')) --end;
    return line_.substr(at_[begin], end - at_[begin]);
  }
  std::string_view Inside(std::size_t begin, std::size_t next) const {
    const std::string_view token = Token(begin, next);
    return token.substr(1, token.size() - 2);
  }
  // A number or a word; empty for anything else.
  std::string_view Scalar(std::size_t begin, std::size_t next) const {
    const std::string_view token = Token(begin, next);
    return IsJsonNumber(token) || IsJsonWord(token) ? token : std::string_view();
  }
  std::size_t BehindArray(std::size_t i) const {
    for (std::size_t depth = 1; i < at_.size() && depth > 0; ++i) {
      if (Char(i) == '[') ++depth;
      if (Char(i) == ']') --depth;
    }
    return i;
  }

  std::string_view line_;
  JsonStructure at_;
  std::size_t depth_ = 0;
  std::array<std::string_view, kMostNesting> owners_{};
};

}  // namespace routerate
