// Replaces a file's content so that a crash at any moment leaves the old content or the new.
#pragma once

#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/result.h"

namespace routerate {

// Written beside it as `path`.new, synced, renamed over it, its directory synced. The content
// before stays as `path`.previous. After a failure the old content is still there, or the new one
// is.
Result<void> ReplaceDurably(FileSystem& file_system, const std::string& path,
                            std::string_view content);

}  // namespace routerate
