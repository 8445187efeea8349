// The names that logrotate, servers and people give: the old name and a number, a date or a word,
// behind the whole name or before its extension (logrotate's `extension`).
#include "agent/file_names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace routerate {
namespace {

constexpr std::array<std::string_view, 8> kCompressed = {".gz", ".bz2",  ".xz",  ".zst",
                                                         ".Z",  ".lzma", ".lz4", ".zip"};

bool IsSeparator(char c) { return c == '.' || c == '-' || c == '_'; }

// Numbers and dates: 1, 20261124, 2026-11-24T17:40, 1795550000, and a word for an old one.
bool IsGeneration(std::string_view text) {
  if (text.size() < 2 || !IsSeparator(text.front())) return false;
  text.remove_prefix(1);
  if (text == "old" || text == "prev" || text == "previous") return true;
  if (text.ends_with(".old")) text.remove_suffix(4);
  return std::isdigit(static_cast<unsigned char>(text.front())) != 0 &&
         std::ranges::all_of(text, [](char c) {
           return std::isdigit(static_cast<unsigned char>(c)) != 0 || IsSeparator(c) || c == ':' ||
                  c == 'T' || c == 'Z' || c == '+';
         });
}

// "a.log." of "a.log.1": logrotate's numbers, short ones. Empty for other names.
std::string_view BeforeNumber(std::string_view name) {
  constexpr std::size_t kMostDigits = 3;
  const std::size_t end = name.find_last_not_of("0123456789") + 1;
  const std::size_t digits = name.size() - end;
  const bool numbered = digits > 0 && digits <= kMostDigits && end > 1 && name[end - 1] == '.';
  return numbered ? name.substr(0, end) : std::string_view();
}

}  // namespace

std::string DirectoryOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

std::string_view NameOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool IsCompressedName(std::string_view name) {
  return std::ranges::any_of(kCompressed, [&](auto ending) { return name.ends_with(ending); });
}

bool IsRotatedName(std::string_view name, std::string_view base) {
  if (name.starts_with(base) && IsGeneration(name.substr(base.size()))) return true;
  const std::size_t dot = base.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view stem = base.substr(0, dot);
  const std::string_view extension = base.substr(dot);
  return name.size() > base.size() && name.starts_with(stem) && name.ends_with(extension) &&
         IsGeneration(name.substr(stem.size(), name.size() - base.size()));
}

std::string_view StemOf(std::string_view base) { return base.substr(0, base.rfind('.')); }

bool IsCopyName(std::string_view name, std::string_view base) {
  if (IsCompressedName(name)) return false;
  const std::string_view numbered = BeforeNumber(name);
  return IsRotatedName(name, base) || (name.size() > base.size() && name.starts_with(base)) ||
         (!numbered.empty() && name != base && numbered == BeforeNumber(base));
}

}  // namespace routerate
