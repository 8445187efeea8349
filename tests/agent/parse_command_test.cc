// `routerate-agent parse` over real streams.
#include "agent/parse_command.h"

#include <catch2/catch.hpp>

#include "agent/key_mapping.h"

using namespace routerate;

namespace {

struct Parsed {
  std::string out;
  std::string rejects;
};

std::string ReadBack(std::FILE* file) {
  REQUIRE(std::fseek(file, 0, SEEK_SET) == 0);
  std::string text(1 << 20, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  (void)std::fclose(file);
  return text;
}

Parsed Parse(const std::string& log, const ParseOptions& options) {
  std::FILE* in = std::tmpfile();
  std::FILE* out = std::tmpfile();
  std::FILE* rejects = std::tmpfile();
  REQUIRE(std::fwrite(log.data(), 1, log.size(), in) == log.size());
  REQUIRE(std::fseek(in, 0, SEEK_SET) == 0);
  REQUIRE(ParseLog(in, out, rejects, options).has_value());
  (void)std::fclose(in);
  return {ReadBack(out), ReadBack(rejects)};
}

Parsed Parse(const std::string& log, LogFormat format, ParseOutput output) {
  return Parse(log, {LineFormat::Of(format), {}, output});
}

const std::string kLine =
    R"({"msec":"1795363184.439","method":"GET","request_uri":"/a?b=1","status":"200"})";
const std::string kEvent =
    R"("ts":1795363184439,"method":"GET","path":"/a","query":"b=1","status":200})"
    "\n";

}  // namespace

TEST_CASE("events and rejects come in order, each with its place") {
  const auto parsed =
      Parse(kLine + "\ngarbage\n" + kLine + "\n", LogFormat::kNginx, ParseOutput::kEvents);
  const auto second = std::to_string(kLine.size() + 1 + 8);
  CHECK(parsed.out == "{\"offset\":0," + kEvent + "{\"offset\":" + second + "," + kEvent);
  CHECK_THAT(parsed.rejects, Catch::StartsWith("line 2: not_json at column "));
}

TEST_CASE("a last line without its newline counts") {
  CHECK(Parse(kLine, LogFormat::kNginx, ParseOutput::kEvents).out == "{\"offset\":0," + kEvent);
}

TEST_CASE("a summary has counts only") {
  const std::string repaired = R"({"msec":"1","request_uri":"/\xFF"})";
  const auto parsed =
      Parse(kLine + "\n" + repaired + "\n\nx\n" + std::string(300'000, 'y') + "\n" + kLine + "\n",
            LogFormat::kNginx, ParseOutput::kSummary);
  CHECK(parsed.out ==
        "lines 5\naccepted 2\nrepaired 1\nrejected_empty 1\nrejected_not_json 1\n"
        "long_line_bytes 300001\n");
  CHECK(parsed.rejects.empty());
}

TEST_CASE("NUL bytes in a finished log are passed over") {
  const auto parsed = Parse(kLine + "\n" + std::string(300'000, '\0') + kLine + "\n",
                            LogFormat::kNginx, ParseOutput::kSummary);
  CHECK(parsed.out == "lines 2\naccepted 2\nrepaired 0\nlong_line_bytes 0\n");
}

TEST_CASE("offsets and line numbers count what is passed over") {
  const std::string before = std::string(300'000, 'y') + "\n" + std::string(10, '\0');
  const auto parsed = Parse(before + kLine + "\nx\n", LogFormat::kNginx, ParseOutput::kEvents);
  CHECK(parsed.out == "{\"offset\":" + std::to_string(before.size()) + "," + kEvent);
  CHECK_THAT(parsed.rejects, Catch::StartsWith("line 3: not_json at column "));
}

TEST_CASE("keys of one's own and rules are tried out") {
  KeyMapping keys;
  REQUIRE(AddKey("took=duration_ms", &keys).has_value());
  REQUIRE(AddKey("a=b=path", &keys).error().message.starts_with("'path' is not one of time, "));
  CHECK(AddKey("took", &keys).error().message ==
        "'took' is not NAME=FIELD such as took=duration_ms");
  CHECK(AddKey("=bytes", &keys).error().message == "a key must not be empty");
  const LineFormat format(LogFormat::kNginx, keys);
  RedactionRules rules;
  rules.query = {QueryRedaction::Values::kOfNames, {"b"}};
  const auto parsed =
      Parse(R"({"msec":"1","request_uri":"/a?b=1","took":12})", ParseOptions{format, rules});
  CHECK(parsed.out == R"({"offset":0,"ts":1000,"path":"/a","query":"b=***","duration_ms":12.000})"
                      "\n");
}

TEST_CASE("what cannot be written is a failure, also at the end") {
  std::FILE* in = std::tmpfile();
  std::FILE* full = std::fopen("/dev/full", "wb");
  REQUIRE(full != nullptr);
  const auto parsed =
      ParseLog(in, full, stderr, {LineFormat::Of(LogFormat::kNginx), {}, ParseOutput::kSummary});
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().message == "write: No space left on device");
  (void)std::fclose(in);
  (void)std::fclose(full);
}
