// Text → selector by recursive descent over words and symbols. Where Kubernetes' own parser accepts
// something odd (`x in (a,,b)`, `x=`), so does this one.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "aggregator/label_selector.h"
#include "parsers/pod_description.h"
#include "parsers/route_id.h"

namespace routerate {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kSymbols = "=!(),<>";

// A word, a symbol ("==" and "!=" are one), or the end, which is empty.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) { Next(); }

  std::string_view Peek() const { return word_; }
  std::string_view Take() {
    const std::string_view word = word_;
    Next();
    return word;
  }
  bool TakeIf(std::string_view symbol) {
    if (word_ != symbol) return false;
    Next();
    return true;
  }
  bool AtWord() const { return !word_.empty() && !kSymbols.contains(word_.front()); }

 private:
  void Next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size()));
    std::size_t size = 1;
    if (rest_.empty()) {
      size = 0;
    } else if (!kSymbols.contains(rest_.front())) {
      size = std::min(rest_.find_first_of("=!(),<> \t\r\n"), rest_.size());
    } else if (rest_.starts_with("==") || rest_.starts_with("!=")) {
      size = 2;
    }
    word_ = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }

  std::string_view rest_;
  std::string_view word_;
};

std::unexpected<Error> Found(std::string_view word, std::string_view expected) {
  const std::string found = word.empty() ? "the end" : fmt::format("'{}'", word);
  return Fail(fmt::format("found {}, expected {}", found, expected));
}

Result<std::string> ParseKey(Words* words) {
  if (!words->AtWord()) return Found(words->Peek(), "a label's key");
  std::string key(words->Take());
  if (!IsLabelKey(key)) {
    return Fail(
        fmt::format("'{}' is no label's key: [prefix/]name, the name of up to 63 letters, "
                    "digits, '-', '_' and '.'",
                    key));
  }
  return key;
}

std::optional<SelectorOperator> OperatorOf(std::string_view word) {
  using enum SelectorOperator;
  constexpr std::array<std::pair<std::string_view, SelectorOperator>, 7> kOperators = {{
      {"=", kEquals},
      {"==", kEquals},
      {"!=", kNotEquals},
      {"in", kIn},
      {"notin", kNotIn},
      {">", kGreaterThan},
      {"<", kLessThan},
  }};
  const auto* found = std::ranges::find(kOperators, word, &decltype(kOperators)::value_type::first);
  return found == kOperators.end() ? std::nullopt : std::optional(found->second);
}

// What is left out between commas is the empty value, and so is what is left out at all.
Result<std::vector<std::string>> ParseValues(Words* words) {
  if (!words->TakeIf("(")) return Found(words->Peek(), "'('");
  std::vector<std::string> values;
  do {
    values.emplace_back(words->AtWord() ? words->Take() : "");
  } while (words->TakeIf(","));
  if (!words->TakeIf(")")) return Found(words->Peek(), "',' or ')'");
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
  return values;
}

Result<std::vector<std::string>> ParseValue(Words* words) {
  const std::string_view word = words->Peek();
  if (word.empty() || word == ",") return std::vector<std::string>{""};
  if (!words->AtWord()) return Found(word, "a value");
  return std::vector<std::string>{std::string(words->Take())};
}

Result<void> CheckValues(const SelectorRequirement& requirement) {
  using enum SelectorOperator;
  for (const std::string& value : requirement.values) {
    std::int64_t number = 0;
    const char* end = value.data() + value.size();
    const bool ordered = requirement.op == kGreaterThan || requirement.op == kLessThan;
    const auto parsed = std::from_chars(value.data(), end, number);
    if (ordered && (parsed.ec != std::errc{} || parsed.ptr != end)) {
      return Fail(fmt::format("'{}' of key '{}' is no integer", value, requirement.key));
    }
    if (!value.empty() && !IsLabelValue(value)) {
      return Fail(
          fmt::format("'{}' of key '{}' is no label's value: up to 63 letters, digits, '-', "
                      "'_' and '.', a letter or digit at both ends",
                      value, requirement.key));
    }
  }
  return {};
}

Result<SelectorRequirement> ParseRequirement(Words* words) {
  const bool negated = words->TakeIf("!");
  auto key = ParseKey(words);
  if (!key) return std::unexpected(std::move(key.error()));
  SelectorRequirement requirement{std::move(*key), SelectorOperator::kExists, {}};
  if (negated) requirement.op = SelectorOperator::kDoesNotExist;
  if (negated || words->Peek().empty() || words->Peek() == ",") return requirement;
  const auto op = OperatorOf(words->Peek());
  if (!op) return Found(words->Peek(), "one of = == != in notin < >");
  words->Take();
  requirement.op = *op;
  const bool set = *op == SelectorOperator::kIn || *op == SelectorOperator::kNotIn;
  auto values = set ? ParseValues(words) : ParseValue(words);
  if (!values) return std::unexpected(std::move(values.error()));
  requirement.values = std::move(*values);
  if (auto sound = CheckValues(requirement); !sound) {
    return std::unexpected(std::move(sound.error()));
  }
  return requirement;
}

}  // namespace

Result<LabelSelector> LabelSelector::Parse(std::string_view text) {
  LabelSelector selector;
  Words words(text);
  if (words.Peek().empty()) return selector;
  do {
    auto requirement = ParseRequirement(&words);
    if (!requirement) return std::unexpected(std::move(requirement.error()));
    selector.requirements.push_back(std::move(*requirement));
  } while (words.TakeIf(","));
  if (!words.Peek().empty()) return Found(words.Peek(), "',' or the end");
  return selector;
}

}  // namespace routerate
