// Reads a JSON object into LogFields: one pass over its keys in the order in which they stand.
#pragma once

#include <cstddef>
#include <expected>
#include <string_view>

#include "parsers/key_table.h"
#include "parsers/line_shape.h"
#include "parsers/log_fields.h"
#include "parsers/rejection.h"
#include "parsers/text_escapes.h"
#include "parsers/text_scratch.h"

namespace routerate {

// What else was seen on the way.
struct JsonKeys {
  std::size_t count = 0;    // of scalars, in the object and in objects in it
  bool repeated = false;    // a field that was there before
  bool as_expected = true;  // the shape's keys in the shape's order, and no more
};

// Of repeated keys, and of several keys for one field, the first counts: whoever writes text into a
// later value cannot take back an earlier one. Objects other than the keys' owners (KeyTable),
// arrays, true, false and null count as absent. Texts stay as they stand in `line`, with their
// escapes. `expected` (a shape without keys expects nothing) makes it faster. Fails with kEmpty, or
// with kNotJson, also for what is not UTF-8. `line` has kLinePadding readable bytes behind it.
std::expected<JsonKeys, Rejection> ReadJsonFields(std::string_view line, const KeyTable& keys,
                                                  const LineShape& expected, LogFields* fields);

// Which texts are not escaped, whatever the others are.
enum class BareTexts { kNone, kRequest, kAll };

// Undoes the escapes of `fields`, whose texts lie in `line`, into `scratch`, which this begins
// anew.
enum class Unescaped {
  kNothing,  // there was no backslash, or all texts are bare
  kAll,
  kUnknown,  // a text had an escape that the dialect lacks: that text stays as it is
};
Unescaped UnescapeTexts(std::string_view line, Escapes escapes, BareTexts bare,
                        TextScratch* scratch, LogFields* fields);

}  // namespace routerate
