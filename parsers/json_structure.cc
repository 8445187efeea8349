// simdjson's first stage, which is all of it that is vectorised: it finds the structure and checks
// the UTF-8, with the best implementation that the processor has, chosen when the program starts.
// On-Demand begins with the same stage; a log line's keys are then walked straight over the
// positions (json_walk.h), which costs half of what On-Demand's general iterators do
// (docs/decisions.md).
#include "parsers/json_structure.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <memory>

#include "base/check.h"
#include "parsers/line_parser.h"

namespace routerate {
namespace {

static_assert(kLinePadding >= simdjson::SIMDJSON_PADDING);

using Stage = simdjson::internal::dom_parser_implementation;

// simdjson's buffers hold nothing from one line to the next, so one set a thread is enough, however
// many files there are. They grow to the longest line, by doubling.
Stage& StageFor(std::size_t line_size) {
  constexpr std::size_t kUsualLine = 4096;
  constexpr std::size_t kDepth = 1;  // of the second stage, which is not used
  thread_local std::unique_ptr<Stage> stage;
  if (stage == nullptr || stage->capacity() < line_size) {
    const std::size_t capacity = std::max(kUsualLine, std::bit_ceil(line_size));
    const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        capacity, kDepth, stage);
    RR_CHECK(error == simdjson::SUCCESS);
  }
  return *stage;
}

}  // namespace

std::expected<JsonStructure, RejectReason> FindJsonStructure(std::string_view line) {
  Stage& stage = StageFor(line.size());
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(line.data());
  const auto error = stage.stage1(bytes, line.size(), simdjson::stage1_mode::regular);
  if (error == simdjson::EMPTY) return std::unexpected(RejectReason::kEmpty);
  if (error != simdjson::SUCCESS) return std::unexpected(RejectReason::kNotJson);
  return JsonStructure(stage.structural_indexes.get(), stage.n_structural_indexes);
}

}  // namespace routerate
