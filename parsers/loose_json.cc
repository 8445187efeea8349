// Left to right, with no more knowledge than where a value may end.
#include "parsers/loose_json.h"

#include <cstddef>

#include "parsers/nowhere.h"

namespace routerate {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view Trim(std::string_view text) {
  while (!text.empty() && kBlanks.find(text.front()) != kNowhere) text.remove_prefix(1);
  while (!text.empty() && kBlanks.find(text.back()) != kNowhere) text.remove_suffix(1);
  return text;
}

class LooseReader {
 public:
  explicit LooseReader(std::string_view inside) : rest_(inside) {}

  std::string_view rest() const { return rest_; }

  bool Punctuation(char c) {
    rest_ = Trim(rest_);
    if (!rest_.starts_with(c)) return false;
    rest_ = Trim(rest_.substr(1));
    return true;
  }

  bool Quoted(std::string_view* out) {
    if (!rest_.starts_with('"')) return false;
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
    if (end >= rest_.size()) return false;
    *out = rest_.substr(1, end - 1);
    rest_ = Trim(rest_.substr(end + 1));
    return true;
  }

  // Up to a comma that a key follows. False for a value with a quote in it.
  bool Bare(std::string_view* out) {
    std::size_t comma = rest_.find(',');
    while (comma != kNowhere && !Trim(rest_.substr(comma + 1)).starts_with('"')) {
      comma = rest_.find(',', comma + 1);
    }
    *out = Trim(rest_.substr(0, comma));
    if (out->find('"') != kNowhere) return false;
    rest_.remove_prefix(comma == kNowhere ? rest_.size() : comma);
    return true;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<std::size_t> ReadLooseJson(std::string_view line, const KeyTable& keys,
                                         LogFields* fields) {
  const std::string_view object = Trim(line);
  const auto position = [&](std::string_view rest) {
    return static_cast<std::size_t>(rest.data() - line.data());
  };
  if (!object.starts_with('{')) return position(object);
  if (object.size() < 2 || !object.ends_with('}')) return line.size();
  LooseReader in(Trim(object.substr(1, object.size() - 2)));
  do {
    std::string_view key, value;
    if (!in.Quoted(&key) || !in.Punctuation(':')) return position(in.rest());
    if (!in.Quoted(&value) && !in.Bare(&value)) return position(in.rest());
    const LogField field = keys.Find(key);
    if (field != LogField::kNone && !fields->Has(field)) (*fields)[field] = value;
  } while (in.Punctuation(','));
  return in.rest().empty() ? std::nullopt : std::optional(position(in.rest()));
}

Rejection NotJson(std::string_view line) {
  constexpr KeyName kNoKeys[] = {{"-", LogField::kNone}};
  static constexpr KeyTable kNone(kNoKeys);
  LogFields fields;
  return {RejectReason::kNotJson, ReadLooseJson(line, kNone, &fields).value_or(0) + 1};
}

}  // namespace routerate
