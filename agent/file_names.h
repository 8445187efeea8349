// What the name of a log file says of its past. Pure.
#pragma once

#include <string>
#include <string_view>

namespace routerate {

// "/logs" of "/logs/a.log"; "." of "a.log".
std::string DirectoryOf(std::string_view path);
// "a.log" of "/logs/a.log".
std::string_view NameOf(std::string_view path);

// By its ending: a.log.1.gz. Such a file is never read as a log.
bool IsCompressedName(std::string_view name);
// Whether a rotation may have given `name` to a file that was called `base` (both without their
// directory): a.log.1, a.log-20261124, a.log.1.old, a-20261124.log, a.1.log.
bool IsRotatedName(std::string_view name, std::string_view base);
// What the names of all that a rotation may have made of `base`, and of its copies, begin with: the
// name up to its last dot.
std::string_view StemOf(std::string_view base);
// Whether `name` may be a copy of `base`: the above, or anything behind the whole name (a.log.bak,
// a.log~), or another number behind it (a.log.2 of a.log.1), but for compressed ones.
bool IsCopyName(std::string_view name, std::string_view base);

}  // namespace routerate
