// Reads a log of tests/corpora, for tests and for the benchmark.
#pragma once

#include <zlib.h>

#include <memory>
#include <optional>
#include <string>

namespace routerate {

// The bytes that the gzip file `path` holds; nullopt if it cannot be read to its end.
inline std::optional<std::string> UnpackedFile(const std::string& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) return std::nullopt;
  std::string text;
  std::string block(1 << 16, '\0');
  for (int size = 1; size > 0;) {
    size = gzread(file.get(), block.data(), static_cast<unsigned>(block.size()));
    if (size < 0) return std::nullopt;
    text.append(block, 0, static_cast<std::size_t>(size));
  }
  return text;
}

}  // namespace routerate
