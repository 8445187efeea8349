// nginx's JSON log formats (log_format with escape=default or escape=json).
#pragma once

#include <optional>
#include <string_view>

#include "parsers/key_table.h"
#include "parsers/line_shape.h"
#include "parsers/log_fields.h"
#include "parsers/rejection.h"
#include "parsers/text_scratch.h"

namespace routerate {

// The keys that are known without a configuration.
const KeyTable& NginxKeys();

// One file's nginx. Knows the widely copied 15-key format, the recommended one of configs/nginx and
// the usual variants. Both ways of escaping are read: they write every quote and backslash of a
// client's so that none can end a value. A variable without quotes around it may be "-", a list or
// nothing, which JSON is not: such lines are read too (loose_json.h). Not thread-safe.
class NginxJson {
 public:
  // Borrows `keys`.
  explicit NginxJson(const KeyTable& keys) : keys_(keys) {}

  // `line` has kLinePadding readable bytes behind it. One that is not UTF-8 is kNotJson.
  std::optional<Rejection> Read(std::string_view line, TextScratch* scratch, LogFields* fields);
  // The line that Read took last was no JSON.
  bool repaired() const { return repaired_; }

 private:
  const KeyTable& keys_;
  LineShape shape_;  // of the line before
  bool repaired_ = false;
};

}  // namespace routerate
