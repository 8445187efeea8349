// Load with a fallback, save with a replacement.
#include "agent/checkpoint_store.h"

#include <fmt/format.h>

#include <cerrno>
#include <utility>

#include "base/durable_replace.h"

namespace routerate {

CheckpointStore::Loaded CheckpointStore::Load() {
  Loaded loaded;
  for (const std::string& path : {path_, path_ + ".previous"}) {
    auto text = file_system_.ReadWhole(path);
    if (!text && text.error().code == ENOENT) continue;
    auto entries = text ? DecodeCheckpoint(*text)
                        : Result<std::vector<CheckpointEntry>>(std::unexpected(text.error()));
    if (entries) {
      loaded.entries = std::move(*entries);
      if (!loaded.warning.empty()) loaded.warning += fmt::format("; using {}", path);
      return loaded;
    }
    if (!loaded.warning.empty()) loaded.warning += "; ";
    loaded.warning += fmt::format("checkpoint {}: {}", path, entries.error().message);
  }
  if (!loaded.warning.empty()) loaded.warning += "; files are read from their beginning";
  return loaded;
}

Result<void> CheckpointStore::Save(const std::vector<CheckpointEntry>& entries) {
  return ReplaceDurably(file_system_, path_, EncodeCheckpoint(entries));
}

}  // namespace routerate
