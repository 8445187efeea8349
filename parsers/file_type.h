// What a file's name says at its end.
#pragma once

#include <cstdint>
#include <string_view>

namespace routerate {

enum class FileType : std::uint8_t {
  kNone,   // no extension
  kOther,  // one that is none of those below
  kMedia,  // images, fonts, sound, film: nobody scales by one of them
  kBuilt,  // scripts and styles, whose names build tools put digests into
  kPage,   // pages and data that servers keep as files
};

// ".js" of "app.js", with its dot; empty for "app", ".git", "10:20:30.123Z" and "a.something".
std::string_view FileExtension(std::string_view segment);

// `extension` as above; any case.
FileType FileTypeOf(std::string_view extension);

}  // namespace routerate
