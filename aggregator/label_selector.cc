// A selector's meaning; label_selector_parser.cc reads it.
#include "aggregator/label_selector.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace routerate {
namespace {

std::optional<std::int64_t> IntegerOf(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool SelectorRequirement::Matches(std::optional<std::string_view> value) const {
  const bool listed =
      value && std::ranges::any_of(values, [&](const auto& one) { return one == *value; });
  switch (op) {
    case SelectorOperator::kEquals:
    case SelectorOperator::kIn:
      return listed;
    case SelectorOperator::kNotEquals:
    case SelectorOperator::kNotIn:
      return !listed;
    case SelectorOperator::kExists:
      return value.has_value();
    case SelectorOperator::kDoesNotExist:
      return !value;
    case SelectorOperator::kGreaterThan:
    case SelectorOperator::kLessThan:
      break;
  }
  const auto number = value ? IntegerOf(*value) : std::nullopt;
  const auto bound = IntegerOf(values.front());
  if (!number || !bound) return false;
  return op == SelectorOperator::kGreaterThan ? *number > *bound : *number < *bound;
}

bool LabelSelector::Matches(const Labels& labels) const {
  return std::ranges::all_of(requirements, [&](const auto& requirement) {
    return requirement.Matches(labels(requirement.key));
  });
}

}  // namespace routerate
