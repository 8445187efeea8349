// Routes: a template of routes.yaml becomes a regular expression and a name for people. The
// template is cut at the slashes that no brace encloses; literal text is brought to its canonical
// spelling, since that is what the expression will meet.
#include <fmt/core.h>
#include <re2/re2.h>

#include <algorithm>

#include "parsers/request_path.h"
#include "parsers/route_rule.h"
#include "parsers/rule_set.h"
#include "parsers/varying_text.h"

namespace routerate {
namespace {

constexpr std::string_view kAnySegments = "(?:/[^/]+)*";

// End of the bracket that `text` begins with, behind its '}'. Brackets inside nest, a backslash
// takes the next byte's meaning away. npos: none.
std::size_t BraceEnd(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '{') {
      ++depth;
    } else if (text[i] == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

bool IsParameterName(std::string_view name) {
  const auto name_char = [](char c) { return IsAsciiAlnum(c) || c == '_' || c == '-'; };
  return !name.empty() && std::ranges::all_of(name, name_char);
}

class TemplateCompiler {
 public:
  explicit TemplateCompiler(std::string_view path) : rest_(path) {}

  Result<RouteExpression> Compile() {
    if (!rest_.starts_with('/')) return Fail("expected a '/' first");
    while (!rest_.empty()) {
      rest_.remove_prefix(1);  // the slash
      if (auto done = AddSegment(); !done) return std::unexpected(done.error());
    }
    // The root alone is a path without segments.
    if (result_.regex.empty()) return RouteExpression{"/", "/"};
    if (result_.regex == kAnySegments) result_.regex = "/.*";
    return std::move(result_);
  }

 private:
  // Consumes up to the next slash outside of braces. Empty segments fold.
  Result<void> AddSegment() {
    if (rest_.empty() || rest_[0] == '/') return {};
    if (SegmentIs("**")) {
      rest_.remove_prefix(2);
      result_.regex += kAnySegments;
      result_.route += "/**";
      return {};
    }
    if (SegmentIs(".") || SegmentIs("..")) {
      return Fail("'.' and '..' are resolved before rules are asked: leave them out");
    }
    result_.regex += '/';
    result_.route += '/';
    if (SegmentIs("*")) {
      rest_.remove_prefix(1);
      result_.regex += "[^/]+";
      result_.route += '*';
      return {};
    }
    while (!rest_.empty() && rest_[0] != '/') {
      if (auto done = AddPiece(); !done) return done;
    }
    return {};
  }

  // The segment to come is exactly `text`.
  bool SegmentIs(std::string_view text) const { return rest_.substr(0, rest_.find('/')) == text; }

  Result<void> AddPiece() {
    switch (rest_[0]) {
      case '{':
        return AddParameter();
      case '}':
        return Fail("'}' without '{'");
      case '?':
        return Fail("'?': the query is no part of a path; leave it out");
      case ';':
        return Fail("';': path parameters are dropped before rules are asked; leave them out");
      case '*':
        if (rest_.starts_with("**")) return Fail("'**' must stand alone between slashes");
        rest_.remove_prefix(1);
        result_.regex += "[^/]*";
        result_.route += '*';
        return {};
      default:
        AddLiteral();
        return {};
    }
  }

  void AddLiteral() {
    const std::string_view text = rest_.substr(0, rest_.find_first_of("/{}*?;"));
    rest_.remove_prefix(text.size());
    std::string canonical;
    AppendCanonicalBytes(text, &canonical);
    result_.regex += RE2::QuoteMeta(canonical);
    result_.route += canonical;
  }

  Result<void> AddParameter() {
    const std::size_t end = BraceEnd(rest_);
    if (end == std::string_view::npos) return Fail(fmt::format("'{}' has no closing '}}'", rest_));
    const std::string_view inside = rest_.substr(1, end - 2);
    rest_.remove_prefix(end);
    const std::size_t colon = inside.find(':');
    const std::string_view name = inside.substr(0, colon);
    if (!IsParameterName(name)) {
      return Fail(
          fmt::format("'{{{}}}': expected {{name}} or {{name:expression}}, the name of letters, "
                      "digits, '_' and '-'",
                      inside));
    }
    result_.route += fmt::format("{{{}}}", name);
    if (colon == std::string_view::npos) {
      result_.regex += "[^/]+";
      return {};
    }
    const std::string expression(inside.substr(colon + 1));
    if (auto valid = CheckExpression(expression); !valid) {
      return Fail(fmt::format("'{{{}}}': {}", inside, valid.error().message));
    }
    result_.regex.append("(?:").append(expression) += ')';
    return {};
  }

  std::string_view rest_;
  RouteExpression result_;
};

}  // namespace

Result<RouteExpression> CompileTemplate(std::string_view path) {
  auto expression = TemplateCompiler(path).Compile();
  if (!expression) return Fail(fmt::format("path '{}': {}", path, expression.error().message));
  return expression;
}

}  // namespace routerate
