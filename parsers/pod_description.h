// What a heartbeat tells of the pod that wrote the logs: what an HPA or a person finds it by.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace routerate {

// As Kubernetes': app.kubernetes.io/name → shop.
using PodLabels = std::map<std::string, std::string, std::less<>>;

// As text, so that what is the same as before is known without reading it.
struct PodDescription {
  std::string workload;  // RESOURCE[.GROUP]/NAME, as deployments.apps/shop; empty: not told
  std::string labels;    // as PodLabelsText writes them; empty: not told
  friend bool operator==(const PodDescription&, const PodDescription&) = default;
};

// RESOURCE[.GROUP]/NAME in lower case.
bool IsWorkload(std::string_view text);

// Kubernetes' [PREFIX/]NAME: 253 bytes of DNS and 63 of name.
bool IsLabelKey(std::string_view text);

// Longer texts are not taken.
inline constexpr std::size_t kMostLabelsBytes = 16 << 10;

// {"app":"shop","tier":"web"}: a JSON object without white space, by key. Labels need no escapes.
// Those that are none, and those behind kMostLabelsBytes, are left out.
struct PodLabelsText {
  std::string text;
  std::size_t left_out = 0;
};
PodLabelsText WritePodLabels(const PodLabels& labels);

// Of that text; nullopt: it is something else. A key may come once.
std::optional<PodLabels> ReadPodLabels(std::string_view text);

}  // namespace routerate
