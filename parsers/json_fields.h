// Reads a JSON object into LogFields: one pass over its keys in the order in which they stand.
#pragma once

#include <cstddef>
#include <expected>
#include <string_view>

#include "parsers/key_table.h"
#include "parsers/log_fields.h"
#include "parsers/rejection.h"
#include "parsers/text_escapes.h"
#include "parsers/text_scratch.h"

namespace routerate {

// What else was seen on the way.
struct JsonShape {
  std::size_t keys = 0;
  bool repeated = false;  // a field that was there before
};

// Of repeated keys, and of several keys for one field, the first counts: whoever writes text into a
// later value cannot take back an earlier one. Objects, arrays, true, false and null count as
// absent. `line` has kLinePadding readable bytes behind it; texts live in it or in `scratch`, which
// this begins anew. Fails with kEmpty, or with kNotJson, also for what is not UTF-8.
std::expected<JsonShape, Rejection> ReadJsonFields(std::string_view line, const KeyTable& keys,
                                                   Escapes escapes, TextScratch* scratch,
                                                   LogFields* fields);

}  // namespace routerate
