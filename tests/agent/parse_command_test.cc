// `routerate-agent parse` over real streams.
#include "agent/parse_command.h"

#include <catch2/catch.hpp>

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

Parsed Parse(const std::string& log, LogFormat format, ParseOutput output) {
  std::FILE* in = std::tmpfile();
  std::FILE* out = std::tmpfile();
  std::FILE* rejects = std::tmpfile();
  REQUIRE(std::fwrite(log.data(), 1, log.size(), in) == log.size());
  REQUIRE(std::fseek(in, 0, SEEK_SET) == 0);
  REQUIRE(ParseLog(in, out, rejects, LineFormat::Of(format), output).has_value());
  (void)std::fclose(in);
  return {ReadBack(out), ReadBack(rejects)};
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
  const auto parsed = Parse(kLine + "\n\nx\n" + std::string(300'000, 'y') + "\n", LogFormat::kNginx,
                            ParseOutput::kSummary);
  CHECK(parsed.out ==
        "lines 3\nevents 1\nrejected_empty 1\nrejected_not_json 1\nlong_line_bytes 300001\n");
  CHECK(parsed.rejects.empty());
}

TEST_CASE("NUL bytes in a finished log are passed over") {
  const auto parsed = Parse(kLine + "\n" + std::string(300'000, '\0') + kLine + "\n",
                            LogFormat::kNginx, ParseOutput::kSummary);
  CHECK(parsed.out == "lines 2\nevents 2\n");
}
