// What `routerate-aggregator top` draws of an overview: the pipeline in two lines, then routes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/terminal.h"

namespace routerate {

enum class TopColours { kNone, kAnsi };

// Lines ended by '\n', at most size.rows - 1 of them and none longer than size.columns characters:
// columns that find no room are left out, names are cut. `overview` is what /overview answers;
// fails where it is no such thing.
Result<std::string> TopScreen(std::string_view overview, TerminalSize size, TopColours colours);

}  // namespace routerate
