// ${VAR} and ${VAR:-default} in a YAML text. They are hidden behind plain words while the YAML is
// parsed, because "{" means something in its flow style and because a variable's text must not
// become structure; a value gets its variables' text when it is read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace routerate {

class YamlVariables {
 public:
  // The text with each ${...} replaced by a word of its own. A default is plain text up to the
  // first
  // "}"; a "${" without an end on its line stays as it is.
  std::string Hide(const std::string& text);

  // `value` with the words replaced by what the environment says, else by the default. A variable
  // that is empty counts as not set. Fails for one that is not set and has no default.
  Result<std::string> Expand(const std::string& value) const;

 private:
  struct Variable {
    std::string name;
    std::optional<std::string> fallback;
  };
  std::vector<Variable> variables_;
};

}  // namespace routerate
