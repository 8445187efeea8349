// "---" and "..." in the first column stand between documents whatever is around them: YAML lets no
// text hold such a line.
#include "inject/manifest_text.h"

#include "inject/block_text.h"

namespace routerate {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsMarker(std::string_view line, std::string_view marker) {
  if (!line.starts_with(marker)) return false;
  line.remove_prefix(marker.size());
  return line.empty() || line.find_first_of(" \t\r\n") == 0;
}

}  // namespace

std::vector<DocumentText> SplitDocuments(std::string_view text) {
  std::vector<DocumentText> documents;
  std::size_t begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  if (begin > 0) documents.push_back({text.substr(0, begin), 1});
  int first_line = 1;
  int line = 1;
  const auto cut = [&](std::size_t end, int next_line) {
    if (end > begin) documents.push_back({text.substr(begin, end - begin), first_line});
    begin = end;
    first_line = next_line;
  };
  for (std::size_t at = begin; at < text.size(); ++line) {
    const std::size_t end = LineEnd(text, at);
    if (IsMarker(text.substr(at, end - at), "---")) cut(at, line);
    if (IsMarker(text.substr(at, end - at), "...")) cut(end, line + 1);
    at = end;
  }
  cut(text.size(), line);
  return documents;
}

}  // namespace routerate
