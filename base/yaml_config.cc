// Field by field over yaml-cpp's tree: each read marks its key as known, each mistake is kept with
// its line, and Finish tells the first. yaml-cpp's exceptions end at Parse.
#include "base/yaml_config.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>
#include <utility>

#include "base/one_line.h"
#include "base/units.h"
#include "base/yaml_variables.h"

namespace routerate {
namespace {

struct Mistake {
  int line;
  std::string where;
  std::string what;
};

}  // namespace

struct YamlConfig::State {
  std::string name;
  YAML::Node document;
  YamlVariables variables;
  std::vector<Mistake> mistakes;
  std::vector<std::unique_ptr<ConfigNode::State>> nodes;

  void Reject(int line, std::string where, std::string what) {
    mistakes.push_back({line, std::move(where), std::move(what)});
  }
  std::string Expand(const std::string& text, int line, const std::string& where);
  ConfigNode::State* NewNode(const YAML::Node& node, std::string where, int line);
};

struct ConfigNode::State {
  YamlConfig::State* config;
  YAML::Node node;
  std::string where;  // "inputs[0]"; empty at the root
  int line;
  std::set<std::string> known;

  std::string Where(const std::string& key) const {
    return where.empty() ? key : where + "." + key;
  }
  YAML::Node Take(const std::string& key) {
    known.insert(key);
    if (!node.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
    const YAML::Node& map = node;  // const: operator[] must not insert
    return map[key];
  }
  // The key's text with its variables replaced; nullopt when absent or not a text.
  std::optional<std::string> Text(const std::string& key, std::string_view expected);
  void RejectKey(const std::string& key, const std::string& what);
  template <typename Parse>
  void ReadWith(const std::string& key, std::string_view expected, Parse parse);
};

namespace {

int LineOf(const YAML::Node& node) { return node.Mark().line + 1; }

Result<std::uint64_t> ParseCount(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return number;
  return Fail(fmt::format("'{}' is not a whole number", text));
}

Result<double> ParseNumber(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (!text.empty() && *end == '\0' && std::isfinite(number)) return number;
  return Fail(fmt::format("'{}' is not a number", text));
}

std::string Listed(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

YamlConfig::YamlConfig(std::unique_ptr<State> state) : state_(std::move(state)) {}
YamlConfig::~YamlConfig() = default;
YamlConfig::YamlConfig(YamlConfig&&) noexcept = default;
YamlConfig& YamlConfig::operator=(YamlConfig&&) noexcept = default;

std::string YamlConfig::State::Expand(const std::string& text, int line, const std::string& where) {
  auto expanded = variables.Expand(text);
  if (expanded) return std::move(*expanded);
  Reject(line, where, expanded.error().message);
  return {};
}

ConfigNode::State* YamlConfig::State::NewNode(const YAML::Node& node, std::string where, int line) {
  auto state = std::make_unique<ConfigNode::State>();
  state->config = this;
  state->node = node;
  state->where = std::move(where);
  state->line = line;
  nodes.push_back(std::move(state));
  return nodes.back().get();
}

Result<YamlConfig> YamlConfig::Load(FileSystem& file_system, const std::string& path) {
  auto text = file_system.ReadWhole(path);
  if (!text) return std::unexpected(std::move(text.error()));
  return Parse(*text, path);
}

Result<YamlConfig> YamlConfig::Parse(const std::string& text, const std::string& name) {
  auto state = std::make_unique<State>();
  state->name = name;
  try {
    state->document = YAML::Load(state->variables.Hide(text));
  } catch (const YAML::Exception& e) {
    return Fail(OneLine(fmt::format("{}:{}: not valid YAML: {}", name, e.mark.line + 1, e.msg)));
  }
  if (state->document.IsNull()) state->document = YAML::Node(YAML::NodeType::Map);
  if (!state->document.IsMap()) {
    return Fail(fmt::format("{}:1: expected a map of keys and values", name));
  }
  return YamlConfig(std::move(state));
}

ConfigNode YamlConfig::root() { return ConfigNode(state_->NewNode(state_->document, "", 1)); }

Result<void> YamlConfig::Finish() {
  for (const auto& node : state_->nodes) {
    if (!node->node.IsMap()) continue;
    for (const auto& entry : node->node) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "?";
      if (node->known.contains(key)) continue;
      state_->Reject(LineOf(entry.first), node->Where(key),
                     fmt::format("unknown key; known here: {}",
                                 Listed({node->known.begin(), node->known.end()})));
    }
  }
  const auto first = std::ranges::min_element(state_->mistakes, {}, &Mistake::line);
  if (first == state_->mistakes.end()) return {};
  return Fail(OneLine(fmt::format("{}:{}: {}{}{}", state_->name, first->line, first->where,
                                  first->where.empty() ? "" : ": ", first->what)));
}

std::optional<std::string> ConfigNode::State::Text(const std::string& key,
                                                   std::string_view expected) {
  const YAML::Node value = Take(key);
  if (!value.IsDefined()) return std::nullopt;
  if (!value.IsScalar()) {
    RejectKey(key, fmt::format("expected {}", expected));
    return std::nullopt;
  }
  return config->Expand(value.Scalar(), LineOf(value), Where(key));
}

void ConfigNode::State::RejectKey(const std::string& key, const std::string& what) {
  const YAML::Node value = Take(key);
  config->Reject(value.IsDefined() ? LineOf(value) : line, Where(key), what);
}

template <typename Parse>
void ConfigNode::State::ReadWith(const std::string& key, std::string_view expected, Parse parse) {
  const auto text = Text(key, expected);
  if (!text) return;
  if (auto parsed = parse(*text); !parsed) RejectKey(key, parsed.error().message);
}

void ConfigNode::Read(const std::string& key, std::string* out, Need need) {
  if (auto text = state_->Text(key, "a text")) {
    *out = std::move(*text);
    if (need == Need::kRequired && out->empty()) Reject(key, "must not be empty");
  } else if (need == Need::kRequired && !Has(key)) {
    Reject(key, "is required");
  }
}

void ConfigNode::Read(const std::string& key, std::vector<std::string>* out) {
  const YAML::Node value = state_->Take(key);
  if (!value.IsDefined()) return;
  out->clear();
  if (value.IsScalar()) {
    out->push_back(state_->config->Expand(value.Scalar(), LineOf(value), state_->Where(key)));
    return;
  }
  if (!value.IsSequence()) return Reject(key, "expected a list of texts");
  for (const YAML::Node& item : value) {
    if (!item.IsScalar()) return Reject(key, "expected a list of texts");
    out->push_back(state_->config->Expand(item.Scalar(), LineOf(item), state_->Where(key)));
  }
}

void ConfigNode::Read(const std::string& key, bool* out) {
  state_->ReadWith(key, "true or false", [&](const std::string& text) -> Result<void> {
    if (text != "true" && text != "false") {
      return Fail(fmt::format("'{}' is not true or false", text));
    }
    *out = text == "true";
    return {};
  });
}

namespace {

// Keeps a parsed value that lies within its bounds.
template <typename T, typename Shown>
Result<void> Keep(Result<T> parsed, T least, T most, T* out, Shown shown) {
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  if (*parsed < least || *parsed > most) {
    return Fail(fmt::format("expected {} to {}", shown(least), shown(most)));
  }
  *out = *parsed;
  return {};
}

}  // namespace

void ConfigNode::ReadBytes(const std::string& key, std::uint64_t* out, std::uint64_t least,
                           std::uint64_t most) {
  state_->ReadWith(key, "a size such as 8MiB", [&](const std::string& text) {
    return Keep(ParseBytes(text), least, most, out, ShowBytes);
  });
}

void ConfigNode::ReadCount(const std::string& key, std::uint64_t* out, std::uint64_t least,
                           std::uint64_t most) {
  state_->ReadWith(key, "a whole number", [&](const std::string& text) {
    return Keep(ParseCount(text), least, most, out, [](std::uint64_t v) { return v; });
  });
}

void ConfigNode::ReadNumber(const std::string& key, double* out, double least, double most) {
  state_->ReadWith(key, "a number", [&](const std::string& text) {
    return Keep(ParseNumber(text), least, most, out, [](double v) { return v; });
  });
}

void ConfigNode::ReadDuration(const std::string& key, std::chrono::milliseconds* out,
                              std::chrono::milliseconds least, std::chrono::milliseconds most) {
  state_->ReadWith(key, "a duration such as 25s", [&](const std::string& text) {
    return Keep(ParseDuration(text), least, most, out, ShowDuration);
  });
}

void ConfigNode::ReadChoice(const std::string& key, const std::vector<std::string>& choices,
                            std::size_t* out) {
  const std::string expected = "one of " + Listed(choices);
  state_->ReadWith(key, expected, [&](const std::string& text) -> Result<void> {
    const auto found = std::ranges::find(choices, text);
    if (found == choices.end()) return Fail(fmt::format("'{}' is not {}", text, expected));
    *out = static_cast<std::size_t>(found - choices.begin());
    return {};
  });
}

void ConfigNode::ReadMap(const std::string& key, std::map<std::string, std::string>* out,
                         const PairCheck& check) {
  const YAML::Node value = state_->Take(key);
  if (!value.IsDefined() || value.IsNull()) return;
  if (!value.IsMap()) return Reject(key, "expected a map of texts");
  for (const auto& entry : value) {
    if (!entry.first.IsScalar() || !entry.second.IsScalar()) {
      return Reject(key, "expected a map of texts");
    }
    const std::string name = entry.first.Scalar();
    const std::string where = state_->Where(key) + "." + name;
    const int at = LineOf(entry.second);
    const std::string text = state_->config->Expand(entry.second.Scalar(), at, where);
    if (auto fits = check(name, text); !fits) {
      state_->config->Reject(at, where, fits.error().message);
    }
    (*out)[name] = text;
  }
}

ConfigNode ConfigNode::Map(const std::string& key) {
  const YAML::Node value = state_->Take(key);
  if (value.IsDefined() && !value.IsMap() && !value.IsNull()) Reject(key, "expected a map");
  const int line = value.IsDefined() ? LineOf(value) : state_->line;
  return ConfigNode(state_->config->NewNode(
      value.IsDefined() ? value : YAML::Node(YAML::NodeType::Map), state_->Where(key), line));
}

std::vector<ConfigNode> ConfigNode::List(const std::string& key) {
  const YAML::Node value = state_->Take(key);
  std::vector<ConfigNode> nodes;
  if (!value.IsDefined() || value.IsNull()) return nodes;
  if (!value.IsSequence()) {
    Reject(key, "expected a list");
    return nodes;
  }
  for (const YAML::Node& item : value) {
    const std::string where = fmt::format("{}[{}]", state_->Where(key), nodes.size());
    if (!item.IsMap()) state_->config->Reject(LineOf(item), where, "expected a map");
    nodes.push_back(ConfigNode(state_->config->NewNode(item, where, LineOf(item))));
  }
  return nodes;
}

bool ConfigNode::Has(const std::string& key) const { return state_->Take(key).IsDefined(); }
int ConfigNode::line() const { return state_->line; }
void ConfigNode::Reject(const std::string& what) {
  state_->config->Reject(state_->line, state_->where, what);
}
void ConfigNode::Reject(const std::string& key, const std::string& what) {
  state_->RejectKey(key, what);
}

}  // namespace routerate
