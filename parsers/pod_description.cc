// Labels as text and back. What may stand in them is so little that a quote is always an end.
#include "parsers/pod_description.h"

#include <utility>

#include "base/dns_name.h"
#include "parsers/route_id.h"

namespace routerate {
namespace {

bool IsLabel(std::string_view key, std::string_view value) {
  return IsLabelKey(key) && (value.empty() || IsLabelValue(value));
}

// Takes "text" from the front of *rest. nullopt: it does not begin so.
std::optional<std::string_view> TakeQuoted(std::string_view* rest) {
  if (!rest->starts_with('"')) return std::nullopt;
  const std::size_t end = rest->find('"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view text = rest->substr(1, end - 1);
  rest->remove_prefix(end + 1);
  return text;
}

bool Take(char c, std::string_view* rest) {
  if (!rest->starts_with(c)) return false;
  rest->remove_prefix(1);
  return true;
}

bool TakeLabel(std::string_view* rest, PodLabels* labels) {
  const auto key = TakeQuoted(rest);
  if (!key || !Take(':', rest)) return false;
  const auto value = TakeQuoted(rest);
  if (!value || !IsLabel(*key, *value)) return false;
  return labels->emplace(*key, *value).second;
}

}  // namespace

bool IsWorkload(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && IsDnsSubdomain(text.substr(0, slash)) &&
         IsDnsSubdomain(text.substr(slash + 1));
}

// A name is made of the same bytes as a value.
bool IsLabelKey(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return IsLabelValue(text);
  return IsDnsSubdomain(text.substr(0, slash)) && IsLabelValue(text.substr(slash + 1));
}

PodLabelsText WritePodLabels(const PodLabels& labels) {
  constexpr std::size_t kPunctuation = 6;  // of a label: ,"":""
  PodLabelsText out{"{", 0};
  for (const auto& [key, value] : labels) {
    const std::size_t size = out.text.size() + key.size() + value.size() + kPunctuation;
    if (!IsLabel(key, value) || size >= kMostLabelsBytes) {
      ++out.left_out;
      continue;
    }
    if (out.text.size() > 1) out.text += ',';
    out.text.append("\"").append(key).append("\":\"").append(value).append("\"");
  }
  out.text += '}';
  return out;
}

std::optional<PodLabels> ReadPodLabels(std::string_view text) {
  PodLabels labels;
  if (text.size() > kMostLabelsBytes || !Take('{', &text)) return std::nullopt;
  while (!text.starts_with('}')) {
    if (!labels.empty() && !Take(',', &text)) return std::nullopt;
    if (!TakeLabel(&text, &labels)) return std::nullopt;
  }
  if (text != "}") return std::nullopt;
  return labels;
}

}  // namespace routerate
