// Configurations and the one line that each mistake in them gives.
#include "base/yaml_config.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

using namespace routerate;

namespace {

// A small program's configuration, read with every kind of Read.
struct Sample {
  std::string name = "none";
  std::string path;
  std::uint64_t size = 1;
  std::uint64_t count = 1;
  std::chrono::milliseconds wait{1};
  std::size_t choice = 0;
  std::map<std::string, std::string> properties;
};

Result<Sample> ReadSample(const std::string& text) {
  auto config = YamlConfig::Parse(text, "sample.yaml");
  if (!config) return std::unexpected(config.error());
  Sample sample;
  ConfigNode root = config->root();
  root.Read("name", &sample.name);
  root.ReadBytes("size", &sample.size, 1, 1000);
  root.ReadCount("count", &sample.count, 1, 10);
  root.ReadDuration("wait", &sample.wait, std::chrono::milliseconds{1},
                    std::chrono::milliseconds{5000});
  root.ReadChoice("choice", {"red", "green"}, &sample.choice);
  root.ReadMap("properties", &sample.properties, [](const std::string&, const std::string& value) {
    return value == "bad" ? Fail("does not do") : Result<void>{};
  });
  for (ConfigNode& item : root.List("items")) item.Read("path", &sample.path, Need::kRequired);
  if (auto done = config->Finish(); !done) return std::unexpected(done.error());
  return sample;
}

std::string Mistake(const std::string& text) {
  const auto sample = ReadSample(text);
  return sample ? "no mistake" : sample.error().message;
}

}  // namespace

TEST_CASE("every kind of value is read") {
  const auto sample = ReadSample(
      "name: x\nsize: 10B\ncount: 3\nwait: 2s\nchoice: green\n"
      "properties: {a.b: 1, c: true}\nitems: [{path: /a}]\n");
  REQUIRE(sample.has_value());
  CHECK(sample->name == "x");
  CHECK(sample->size == 10);
  CHECK(sample->count == 3);
  CHECK(sample->wait == std::chrono::seconds{2});
  CHECK(sample->choice == 1);
  CHECK(sample->properties == std::map<std::string, std::string>{{"a.b", "1"}, {"c", "true"}});
  CHECK(sample->path == "/a");
}

TEST_CASE("an empty file leaves the defaults") {
  CHECK(ReadSample("").value().name == "none");
  CHECK(ReadSample("# only a comment\n").value().size == 1);
}

TEST_CASE("a mistake is one line with file, line, key and what was expected") {
  struct Case {
    std::string text;
    std::string message;
  };
  const auto& [text, message] = GENERATE(
      Case{"name: x\nnmae: y\n",
           "sample.yaml:2: nmae: unknown key; known here: choice, count, items, name, properties, "
           "size, wait"},
      Case{"size: big\n", "sample.yaml:1: size: 'big' is not a size such as 512KiB or 8MiB"},
      Case{"\nsize: 2KiB\n", "sample.yaml:2: size: expected 1B to 1000B"},
      Case{"count: 11\n", "sample.yaml:1: count: expected 1 to 10"},
      Case{"count: x\n", "sample.yaml:1: count: 'x' is not a whole number"},
      Case{"wait: 10\n", "sample.yaml:1: wait: '10' is not a duration such as 250ms, 25s or 5m"},
      Case{"choice: blue\n", "sample.yaml:1: choice: 'blue' is not one of red, green"},
      Case{"name: [a]\n", "sample.yaml:1: name: expected a text"},
      Case{"items:\n  - {path: /a}\n  - {}\n", "sample.yaml:3: items[1].path: is required"},
      Case{"items:\n  - path: /a\n    typo: 1\n",
           "sample.yaml:3: items[0].typo: unknown key; known here: path"},
      Case{"items: 5\n", "sample.yaml:1: items: expected a list"},
      Case{"properties: 5\n", "sample.yaml:1: properties: expected a map of texts"},
      Case{"properties:\n  a: good\n  b: bad\n", "sample.yaml:3: properties.b: does not do"},
      Case{"- a\n", "sample.yaml:1: expected a map of keys and values"},
      Case{"name: ${RR_TEST_UNSET}\n",
           "sample.yaml:1: name: environment variable RR_TEST_UNSET is not set (set it, or write "
           "${RR_TEST_UNSET:-default})"});
  CHECK(Mistake(text) == message);
}

TEST_CASE("text that is not YAML names the line") {
  CHECK_THAT(Mistake("name: x\n  bad: [\n"), Catch::StartsWith("sample.yaml:"));
}

TEST_CASE("variables are replaced in values, also in flow style") {
  ::setenv("RR_TEST_NAME", "from environment", 1);
  CHECK(ReadSample("name: ${RR_TEST_NAME}\n")->name == "from environment");
  CHECK(ReadSample("{name: ${RR_TEST_NAME}, count: ${RR_TEST_UNSET:-4}}")->count == 4);
  CHECK(ReadSample("items: [{path: /a/${RR_TEST_UNSET:-b}/c}]")->path == "/a/b/c");
  CHECK(ReadSample("name: ${RR_TEST_UNSET:-}\n")->name.empty());
}

TEST_CASE("a variable's text never becomes structure") {
  ::setenv("RR_TEST_NAME", "x}, count: 7, wait: [", 1);
  const auto sample = ReadSample("{name: ${RR_TEST_NAME}, size: 2}");
  REQUIRE(sample.has_value());
  CHECK(sample->name == "x}, count: 7, wait: [");
  CHECK(sample->count == 1);
}

TEST_CASE("a dollar sign alone is text") { CHECK(ReadSample("name: a$b ${\n")->name == "a$b ${"); }

TEST_CASE("a mistake is one line, whatever the user's text holds") {
  CHECK(Mistake("choice: \"a\\nb\\e[1m\"\n") ==
        "sample.yaml:1: choice: 'a\\nb\\x1B[1m' is not one of red, green");
  CHECK(Mistake("\"a\\tb\": 1\n").starts_with("sample.yaml:1: a\\tb: unknown key"));
}

TEST_CASE("the word that stands for a variable while YAML is read may be in a user's text, too") {
  for (const char* text : {"routerate-variable-", "routerate-variable-1",
                           "routerate-variable-00000x", "routerate-variable-000007 and more"}) {
    INFO(text);
    const auto sample = ReadSample(std::string("name: ") + text + "\n");
    REQUIRE(sample.has_value());
    CHECK(sample->name == text);
  }
  CHECK(ReadSample("name: routerate-variable-${NO_SUCH:-x}\n")->name == "routerate-variable-x");
}
