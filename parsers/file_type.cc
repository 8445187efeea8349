// Routes: file names. Few extensions mean anything to a route; all others are part of the name.
#include "parsers/file_type.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "parsers/varying_text.h"

namespace routerate {
namespace {

constexpr std::size_t kMaxExtension = 5;

struct KnownType {
  std::string_view extension;
  FileType type;
};

constexpr std::array kKnownTypes = {
    KnownType{"js", FileType::kBuilt},    KnownType{"mjs", FileType::kBuilt},
    KnownType{"cjs", FileType::kBuilt},   KnownType{"css", FileType::kBuilt},
    KnownType{"map", FileType::kBuilt},   KnownType{"wasm", FileType::kBuilt},
    KnownType{"html", FileType::kPage},   KnownType{"htm", FileType::kPage},
    KnownType{"xml", FileType::kPage},    KnownType{"json", FileType::kPage},
    KnownType{"txt", FileType::kPage},    KnownType{"php", FileType::kPage},
    KnownType{"jsp", FileType::kPage},    KnownType{"pdf", FileType::kPage},
    KnownType{"png", FileType::kMedia},   KnownType{"jpg", FileType::kMedia},
    KnownType{"jpeg", FileType::kMedia},  KnownType{"gif", FileType::kMedia},
    KnownType{"webp", FileType::kMedia},  KnownType{"avif", FileType::kMedia},
    KnownType{"svg", FileType::kMedia},   KnownType{"bmp", FileType::kMedia},
    KnownType{"tif", FileType::kMedia},   KnownType{"tiff", FileType::kMedia},
    KnownType{"heic", FileType::kMedia},  KnownType{"woff", FileType::kMedia},
    KnownType{"woff2", FileType::kMedia}, KnownType{"ttf", FileType::kMedia},
    KnownType{"otf", FileType::kMedia},   KnownType{"eot", FileType::kMedia},
    KnownType{"mp3", FileType::kMedia},   KnownType{"ogg", FileType::kMedia},
    KnownType{"wav", FileType::kMedia},   KnownType{"flac", FileType::kMedia},
    KnownType{"m4a", FileType::kMedia},   KnownType{"mp4", FileType::kMedia},
    KnownType{"m4s", FileType::kMedia},   KnownType{"webm", FileType::kMedia},
    KnownType{"mov", FileType::kMedia},   KnownType{"avi", FileType::kMedia},
    KnownType{"mkv", FileType::kMedia},   KnownType{"ts", FileType::kMedia},
};

}  // namespace

std::string_view FileExtension(std::string_view segment) {
  const std::size_t dot = segment.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  const std::string_view name = segment.substr(dot + 1);
  if (name.empty() || name.size() > kMaxExtension || IsAsciiDigit(name[0])) return {};
  return std::ranges::all_of(name, IsAsciiAlnum) ? segment.substr(dot) : std::string_view{};
}

FileType FileTypeOf(std::string_view extension) {
  if (extension.empty()) return FileType::kNone;
  const std::string_view name = extension.substr(1);
  const auto known = std::ranges::find_if(kKnownTypes, [name](const KnownType& type) {
    return std::ranges::equal(name, type.extension, {}, AsciiLower);
  });
  return known == kKnownTypes.end() ? FileType::kOther : known->type;
}

}  // namespace routerate
