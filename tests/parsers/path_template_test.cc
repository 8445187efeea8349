// Canonical paths and automatic templates. What is expected of each path stands in
// tests/golden/routes_automatic.txt: path, tab, template.
#include "parsers/path_template.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "parsers/request_path.h"
#include "tests/golden_text.h"
#include "tests/parsers/random_paths.h"

namespace routerate {
namespace {

std::string Canonical(std::string_view target) {
  std::string out;
  CanonicalPath(target, &out);
  return out;
}

// Stands in a column of text and in a label: printable ASCII, no space, quote or backslash.
bool IsColumnText(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '\'' && c != '\\';
  });
}

}  // namespace

TEST_CASE("a canonical path is one spelling of all that a server takes to be the same path") {
  struct Case {
    std::string_view target;
    std::string_view canonical;
  };
  const auto [target, canonical] = GENERATE(values<Case>({
      {"/", "/"},
      {"///", "/"},
      {"/orders/", "/orders"},
      {"//orders///12//", "/orders/12"},
      {"/orders/./12/.", "/orders/12"},
      {"/orders/../users", "/users"},
      {"/../../etc/passwd", "/etc/passwd"},
      {"/a/b/..", "/a"},
      {"/a/%2e%2E/b", "/b"},
      {"/a/..;x=1/b", "/b"},
      {"/orders/12;jsessionid=AB12", "/orders/12"},
      {"/orders;v=1/12;a=b;c=d/x", "/orders/12/x"},
      {"/;a", "/"},
      {"/%6Frders/%7e", "/orders/~"},
      {"/a%2fb%3bc%25", "/a%2Fb%3Bc%25"},
      {"/%e4%b8%ad", "/%E4%B8%AD"},
      {"/\xE4\xB8\xAD", "/%E4%B8%AD"},
      {"/a b\"c\\d'e", "/a%20b%22c%5Cd%27e"},
      {"/100%", "/100%25"},
      {"/%4", "/%254"},
      {"/%zz", "/%25zz"},
      {"/{id}", "/{id}"},
      {"/a:b@c,d+e=f&g$h!i(j)*", "/a:b@c,d+e=f&g$h!i(j)*"},
      {"http://LocalHost:80/a/b", "/a/b"},
      {"https://example.com", "/"},
      {"/a/.b/c.d/...", "/a/.b/c.d/..."},
      {"/%2541", "/%2541"},
      {"/%25%34%31", "/%2541"},
      {"/%2e%2e%2f", "/..%2F"},
      {"/x%3Bjsessionid=1", "/x%3Bjsessionid=1"},
      {"/\xC0\xAE\xFF", "/%C0%AE%FF"},
      {"*", "*"},
      {"", "-"},
      {"-", "-"},
      {"example.com:443", "-"},
      {"orders/12", "-"},
      {"://x/y", "-"},
      {std::string_view("/a\0b\n", 5), "/a%00b%0A"},
  }));
  CHECK(Canonical(target) == canonical);
}

TEST_CASE("the automatic template of each known path is fixed") {
  std::istringstream lines(GoldenText("routes_automatic.txt"));
  std::string actual;
  for (std::string line; std::getline(lines, line);) {
    const bool comment = line.starts_with('#') || line.empty();
    const std::string path = line.substr(0, line.find('\t'));
    actual += comment ? line + "\n" : path + "\t" + AutomaticTemplate(path) + "\n";
  }
  CheckGolden("routes_automatic.txt", actual);
}

TEST_CASE("a template is bounded in bytes and segments and ends in /** beyond") {
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "/a";
  CHECK(AutomaticTemplate(deep) == deep.substr(0, 2 * kMaxTemplateSegments) + "/**");
  const std::string segment = "/" + std::string(kMaxNameBytes, 'n');
  CHECK(AutomaticTemplate(segment) == segment);
  CHECK(AutomaticTemplate(segment + "n") == "/{text}");
  CHECK(AutomaticTemplate(segment + segment + segment + segment) ==
        segment + segment + segment + "/**");
  CHECK(AutomaticTemplate("/" + std::string(100'000, '/') + "x") == "/x");
}

TEST_CASE("values of one kind share a template, whatever they are") {
  RandomPaths random(TestSeed());
  struct Kind {
    std::string_view alphabet;
    std::size_t length;
    std::string_view expected;
  };
  const auto kind = GENERATE(values<Kind>({
      {"0123456789", 1, "/x/{id}"},
      {"0123456789", 12, "/x/{id}"},
      {"0123456789abcdef", 24, "/x/{token}"},
      {"0123456789abcdef", 64, "/x/{token}"},
      {"0123456789ABCDEFGHJKMNPQRSTVWXYZ", 26, "/x/{token}"},
      {"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32, "/x/{token}"},
      {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 32, "/x/{token}"},
      {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 43, "/x/{token}"},
      {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+", 44, "/x/{token}"},
  }));
  int others = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string path = "/x/" + random.Text(kind.alphabet, kind.length);
    const std::string result = AutomaticTemplate(path);
    if (result != kind.expected && ++others <= 3) UNSCOPED_INFO(path << " -> " << result);
  }
  // Chance writes a name now and then: one in a hundred may pass for one.
  CHECK(others < 100);
}

TEST_CASE("whatever the path, its template is stable, bounded and fit for a column of text") {
  const std::uint64_t seed = TestSeed();
  INFO("SEED=" << seed);
  RandomPaths random(seed);
  for (int i = 0; i < 200'000; ++i) {
    const std::string path = random.Path();
    const std::string canonical = Canonical(path);
    const std::string result = AutomaticTemplate(path);
    const bool holds = Canonical(canonical) == canonical && IsColumnText(canonical) &&
                       AutomaticTemplate(canonical) == result &&
                       AutomaticTemplate(result) == result && result.size() <= kMaxTemplateBytes &&
                       IsColumnText(result);
    if (holds) continue;
    CAPTURE(path, canonical, result, AutomaticTemplate(canonical), AutomaticTemplate(result));
    FAIL("a property does not hold");
  }
}

}  // namespace routerate
