// Logs that real servers wrote (tests/corpora): what is parsed adds up to what was sent.
#include <zlib.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "parsers/decimal.h"
#include "parsers/line_parser.h"

using namespace routerate;

namespace {

// Requests by path and status. Bytes that are not UTF-8 are written as %HH.
using Counts = std::map<std::pair<std::string, int>, std::int64_t>;

const std::string kFolder = ROUTERATE_TESTS_DIR "/corpora/";

std::string Unpacked(const std::string& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  REQUIRE(file != nullptr);
  std::string text;
  std::string block(1 << 16, '\0');
  for (int size = 1; size > 0;) {
    size = gzread(file.get(), block.data(), static_cast<unsigned>(block.size()));
    REQUIRE(size >= 0);
    text.append(block, 0, static_cast<std::size_t>(size));
  }
  return text;
}

// Beyond ASCII, so that both sides of a comparison are in one notation.
std::string PercentEncoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    constexpr char kHex[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return encoded;
}

// Python's unicode_escape, back to bytes.
std::string FromPython(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes += text[i];
    } else if (text[++i] == 'x') {
      bytes += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      bytes += text[i] == 't' ? '\t' : text[i] == 'n' ? '\n' : text[i] == 'r' ? '\r' : text[i];
    }
  }
  return bytes;
}

Counts Truth(const std::string& name) {
  std::ifstream file(kFolder + name + ".counts.tsv");
  REQUIRE(file.good());
  Counts counts;
  std::string path, status, count;
  while (std::getline(file, path, '\t') && std::getline(file, status, '\t') &&
         std::getline(file, count)) {
    counts[{PercentEncoded(FromPython(path)), std::stoi(status)}] += std::stoll(count);
  }
  return counts;
}

Counts Parsed(const std::string& name, LogFormat format) {
  std::string log = Unpacked(kFolder + name + ".log.gz");
  const std::size_t size = log.size();
  log.resize(size + kLinePadding);
  Counts counts;
  LineParser parser(LineFormat::Of(format));
  for (std::size_t begin = 0, end = 0; begin < size; begin = end + 1) {
    end = log.find('\n', begin);
    const std::string_view line = std::string_view(log).substr(begin, end - begin);
    const auto event = parser.Parse(line);
    INFO(line);
    REQUIRE(event.has_value());
    ++counts[{PercentEncoded(event->path), event->status}];
  }
  return counts;
}

void Check(const std::string& name, LogFormat format) {
  const Counts truth = Truth(name);
  CHECK(!truth.empty());
  for (const LogFormat given : {format, LogFormat::kAuto}) {
    INFO(name << " as " << LogFormatName(given));
    CHECK(Parsed(name, given) == truth);
  }
}

}  // namespace

TEST_CASE("every well-formed line of a recorded log counts as what was sent") {
  Check("nginx-default", LogFormat::kNginx);
  Check("nginx-json", LogFormat::kNginx);
  Check("nginx-combined", LogFormat::kCombined);
  for (const char* version : {"8.5.47", "8.5.100", "9", "10"}) {
    Check(std::string("tomcat-") + version, LogFormat::kTomcat);
  }
}

TEST_CASE("every damaged line of a recorded log counts as what was sent") {
  Check("nginx-default.damaged", LogFormat::kNginx);
  Check("nginx-json.damaged", LogFormat::kNginx);
  Check("tomcat-8.5.47.damaged", LogFormat::kTomcat);
  Check("tomcat-8.5.100.damaged", LogFormat::kTomcat);
}
