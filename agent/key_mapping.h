// A user's own keys, key by key, as a configuration or a command line gives them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "parsers/line_format.h"

namespace routerate {

// Adds `key`, which means what the field called `field` means; the last meaning of a key counts.
// The failure says what is wrong with the two, or that the mapping is full.
Result<void> AddKey(const std::string& key, std::string_view field, KeyMapping* mapping);

// The same as one text, "NAME=FIELD"; the name may hold '=' itself.
Result<void> AddKey(std::string_view name_and_field, KeyMapping* mapping);

// "{took: duration_ms, verb: method}".
std::string ShowKeys(const KeyMapping& mapping);

}  // namespace routerate
