// Routes: the rules' expressions in an RE2::Set. Canonical paths and, by CompileRules, expressions
// are ASCII, so bytes are characters: the automaton need not know UTF-8.
#include "parsers/rule_set.h"

#include <fmt/core.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <utility>

#include "base/check.h"

namespace routerate {
namespace {

RE2::Options ByteOptions() {
  RE2::Options options(RE2::Quiet);
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_never_capture(true);
  return options;
}

RE2::Options SetOptions(std::size_t max_bytes) {
  RE2::Options options = ByteOptions();
  options.set_max_mem(static_cast<std::int64_t>(max_bytes));
  return options;
}

}  // namespace

Result<void> CheckExpression(const std::string& regex) {
  const RE2 check(regex, ByteOptions());
  return check.ok() ? Result<void>{} : Fail(check.error());
}

struct RuleSet::State {
  explicit State(std::size_t max_bytes) : set(SetOptions(max_bytes), RE2::ANCHOR_BOTH) {}

  RE2::Set set;
  std::size_t expression_count = 0;
};

Result<RuleSet> RuleSet::Create(const std::vector<RouteExpression>& expressions,
                                std::size_t max_bytes) {
  auto state = std::make_unique<State>(max_bytes);
  for (const RouteExpression& expression : expressions) {
    const int index = state->set.Add(expression.regex, nullptr);
    RR_CHECK(index >= 0);  // CompileRules has checked each
  }
  if (!state->set.Compile()) {
    return Fail(fmt::format("{} routes together need more than {} KiB as one automaton",
                            expressions.size(), max_bytes >> 10));
  }
  state->expression_count = expressions.size();
  return RuleSet(std::move(state));
}

RuleSet::RuleSet(std::unique_ptr<State> state) : state_(std::move(state)) {}
RuleSet::~RuleSet() = default;
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;

void RuleSet::Match(std::string_view path, std::vector<int>* fitting) const {
  fitting->clear();
  if (state_->expression_count == 0) return;
  const re2::StringPiece text(path.data(), path.size());
  RE2::Set::ErrorInfo error{RE2::Set::kNoError};
  // Whether any fits is asked first: it allocates nothing, is all there is to ask of most paths
  // that come for the first time, and leaves the states that the second walk needs in the cache.
  const bool any_fits = state_->set.Match(text, nullptr, &error);
  const bool fits = any_fits && state_->set.Match(text, fitting, &error);
  // Out of memory would be a wrong answer. It cannot be: for sets RE2 never gives up but begins its
  // automaton anew, and Compile has seen to it that the memory holds more states than a step needs.
  RR_CHECK(fits == any_fits && (fits || error.kind == RE2::Set::kNoError));
}

}  // namespace routerate
