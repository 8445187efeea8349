// Kubernetes' label selectors as text, the whole grammar of apimachinery's pkg/labels/selector.go:
//   key=value  key==value  key!=value  key in (a,b)  key notin (a,b)  key  !key  key>1  key<1
// with ',' between, which means "and". The empty text selects everything.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace routerate {

enum class SelectorOperator {
  kEquals,
  kNotEquals,  // also where the key is absent, as kNotIn
  kIn,
  kNotIn,
  kExists,
  kDoesNotExist,
  kGreaterThan,  // both are integers
  kLessThan,
};

struct SelectorRequirement {
  std::string key;
  SelectorOperator op = SelectorOperator::kExists;
  std::vector<std::string> values;  // sorted, each once; one but for kIn and kNotIn

  // nullopt: the object has no such label.
  bool Matches(std::optional<std::string_view> value) const;
};

struct LabelSelector {
  std::vector<SelectorRequirement> requirements;  // as written

  // Fails with what is wrong, in one line.
  static Result<LabelSelector> Parse(std::string_view text);

  // An object's label by key.
  using Labels = std::function<std::optional<std::string_view>(std::string_view key)>;
  bool Matches(const Labels& labels) const;
};

}  // namespace routerate
