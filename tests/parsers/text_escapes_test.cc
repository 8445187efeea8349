// Escapes and broken UTF-8.
#include "parsers/text_escapes.h"

#include <simdjson.h>

#include <catch2/catch.hpp>
#include <string>

#include "parsers/utf8.h"
#include "tests/parsers/random_paths.h"

using namespace routerate;

namespace {

std::string Unescaped(const std::string& text, Escapes escapes) {
  TextScratch scratch;
  scratch.Begin(UnescapeRoom(text.size()));
  const auto result = Unescape(text, escapes, &scratch);
  return result ? std::string(*result) : "no such escape";
}

std::string Repaired(const std::string& text) {
  TextScratch scratch;
  scratch.Begin(RepairUtf8Room(text.size()));
  return std::string(RepairUtf8(text, &scratch));
}

}  // namespace

TEST_CASE("each dialect's escapes become what they stand for") {
  struct Case {
    std::string text;
    Escapes escapes;
    std::string meaning;
  };
  const std::string none = "no such escape";
  for (const Case& c : {
           Case{"plain", Escapes::kJson, "plain"},
           Case{R"(\"\\\/\b\f\n\r\t)", Escapes::kJson, "\"\\/\b\f\n\r\t"},
           Case{R"(caf\u00e9 \u4e2d \ud83d\ude00)", Escapes::kJson, "café 中 😀"},
           Case{R"(\ud800x\udc00\ud800\u0041)", Escapes::kJson,
                "\uFFFDx\uFFFD\uFFFD"
                "A"},
           Case{R"(\x22)", Escapes::kJson, none},
           Case{R"(\q)", Escapes::kJson, none},
           Case{R"(\u12g4)", Escapes::kJson, none},
           Case{R"(\u12)", Escapes::kJson, none},
           Case{"\\", Escapes::kJson, none},
           Case{R"(C:\x5CProgram \x22Files\x22)", Escapes::kNginx, R"(C:\Program "Files")"},
           Case{R"(\x5Cx22)", Escapes::kNginx, R"(\x22)"},
           Case{R"(/\xE4\xB8\xAD)", Escapes::kNginx, "/中"},
           Case{R"(/\xFF\xE4\xB8)", Escapes::kNginx, "/%FF%E4%B8"},
           Case{R"(\x2)", Escapes::kNginx, none},
           Case{R"(caf\u00c3\u00a9)", Escapes::kTomcat, "café"},
           Case{R"(caf\u00e9\n)", Escapes::kTomcat, "café\n"},
       }) {
    INFO(c.text);
    CHECK(Unescaped(c.text, c.escapes) == c.meaning);
  }
}

TEST_CASE("bytes that are not UTF-8 are written as a URL writes them") {
  for (const auto& [text, repaired] : {
           std::pair<std::string, std::string>{"", ""},
           {"plain é 中 😀", "plain é 中 😀"},
           {"\xFF", "%FF"},
           {"\xC3", "%C3"},
           {"\xC3(", "%C3("},
           {"\xC0\xA2", "%C0%A2"},         // an overlong quote
           {"\xED\xA0\x80", "%ED%A0%80"},  // a surrogate
           {"\xF4\x90\x80\x80", "%F4%90%80%80"},
           {"\xE4\xB8\xAD\xE4\xB8", "中%E4%B8"},
       }) {
    CHECK(Repaired(text) == repaired);
  }
}

TEST_CASE("whatever bytes and escapes come, the text is valid UTF-8") {
  const std::uint64_t seed = TestSeed();
  INFO("SEED=" << seed);
  RandomPaths random(seed);
  std::string bytes = "\\\\\\\\uxn0123dDcC89abAB\"";
  for (int c = 0x7E; c < 0x100; ++c) bytes += static_cast<char>(c);
  for (int i = 0; i < 20000; ++i) {
    const std::string text = Repaired(random.Text(bytes, random.Below(24)));
    REQUIRE(simdjson::validate_utf8(text));
    for (const Escapes escapes : {Escapes::kJson, Escapes::kNginx, Escapes::kTomcat}) {
      INFO(text);
      REQUIRE(simdjson::validate_utf8(Unescaped(text, escapes)));
    }
  }
}
