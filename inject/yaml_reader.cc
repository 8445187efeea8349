// yaml-cpp takes some bytes for signs of its own (0x04 for the end, NUL for UTF-16), so they are
// refused before; its exceptions end here.
#include "inject/yaml_reader.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "base/one_line.h"

namespace routerate {
namespace {

// A few lines of aliases of aliases can stand for more than any memory holds.
constexpr std::size_t kMostAliased = 200'000;

struct Refusal {
  int line;
  std::string what;
};

std::size_t CountNodes(const YamlNode& node) {
  std::size_t count = 1;
  for (const YamlNode& item : node.items) count += CountNodes(item);
  for (const YamlEntry& entry : node.entries) count += 1 + CountNodes(entry.value);
  return count;
}

class NodeBuilder : public YAML::EventHandler {
 public:
  explicit NodeBuilder(YamlPlace place) : place_(place) {}

  YamlNode Take() { return std::move(root_); }
  int documents() const { return documents_; }
  int document_line() const { return document_line_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    ++documents_;
    document_line_ = place_.line + mark.line;
    anchors_.clear();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Add(Placed(YamlNode::Kind::kNull, mark), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Refusal{Line(mark), "an alias inside its own anchor"};
    aliased_ += CountNodes(found->second);
    if (aliased_ > kMostAliased) {
      throw Refusal{Line(mark), fmt::format("aliases stand for over {} nodes", kMostAliased)};
    }
    YamlNode copy = Unplaced(found->second);
    copy.line = Line(mark);
    Add(std::move(copy), 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const bool text = tag == "!" || tag == "tag:yaml.org,2002:str";
    YamlNode node = Placed(text ? YamlNode::Kind::kText : YamlNode::Kind::kPlain, mark);
    node.text = value;
    if (!text && tag != "?") node.tag = tag;
    Add(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    Open(YamlNode::Kind::kSequence, mark, anchor, style);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    Open(YamlNode::Kind::kMap, mark, anchor, style);
  }
  void OnMapEnd() override { Close(); }

 private:
  struct OpenNode {
    YamlNode node;
    YAML::anchor_t anchor;
    bool key_is_open = false;  // of a map: a key waits for its value
    YamlNode key = {};
  };

  int Line(const YAML::Mark& mark) const { return place_.line + mark.line; }
  YamlNode Placed(YamlNode::Kind kind, const YAML::Mark& mark) const {
    YamlNode node = YamlNode::Of(kind);
    node.line = Line(mark);
    node.offset = place_.offset + static_cast<std::size_t>(mark.pos);
    return node;
  }
  void Open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style) {
    YamlNode node = Placed(kind, mark);
    if (style == YAML::EmitterStyle::Flow) node.style = YamlNode::Style::kFlow;
    open_.push_back({std::move(node), anchor});
  }
  void Close() {
    OpenNode closed = std::move(open_.back());
    open_.pop_back();
    Add(std::move(closed.node), closed.anchor);
  }
  void Add(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    OpenNode& parent = open_.back();
    if (parent.node.IsSequence()) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.key_is_open) {
      parent.node.entries.push_back({std::move(parent.key), std::move(node)});
      parent.key_is_open = false;
    } else {
      if (!node.IsScalar()) throw Refusal{node.line, "a key must be a text"};
      parent.key = std::move(node);
      parent.key_is_open = true;
    }
  }

  YamlPlace place_;
  YamlNode root_;
  std::vector<OpenNode> open_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  std::size_t aliased_ = 0;
  int documents_ = 0;
  int document_line_ = 0;
};

// The first byte that no YAML may hold; text.size() without.
std::size_t ForbiddenByte(std::string_view text) {
  const auto found = std::ranges::find_if(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte >= 0xFE;
  });
  return static_cast<std::size_t>(found - text.begin());
}

Result<void> CheckBytes(std::string_view text, int line) {
  const std::size_t at = ForbiddenByte(text);
  if (at == text.size()) return {};
  const auto lines = std::ranges::count(text.substr(0, at), '\n');
  return Fail(fmt::format("{}: byte 0x{:02X}, which YAML in UTF-8 does not hold", line + lines,
                          static_cast<unsigned char>(text[at])));
}

}  // namespace

Result<YamlNode> ReadYaml(std::string_view text, YamlPlace place) {
  if (auto fits = CheckBytes(text, place.line); !fits) return std::unexpected(fits.error());
  std::istringstream stream{std::string(text)};
  NodeBuilder builder(place);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
      if (builder.documents() < 2) continue;
      return Fail(fmt::format("{}: a second document: a line of --- must stand before it",
                              builder.document_line()));
    }
  } catch (const YAML::Exception& e) {
    return Fail(OneLine(
        fmt::format("{}: not valid YAML: {}", place.line + std::max(e.mark.line, 0), e.msg)));
  } catch (const Refusal& refusal) {
    return Fail(fmt::format("{}: {}", refusal.line, refusal.what));
  }
  return builder.Take();
}

}  // namespace routerate
