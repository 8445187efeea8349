// Bytes to lines, whatever the pieces.
#include "agent/line_splitter.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace routerate;
using SplitLines = std::vector<std::string>;

namespace {

// Feeds `data` as a reader does: what is not consumed is given again with `step` more bytes.
SplitLines SplitInSteps(const std::string& data, std::size_t step, std::uint64_t max_line) {
  LineSplitter splitter(max_line);
  SplitLines lines;
  std::size_t done = 0;
  for (std::size_t end = 0; end < data.size();) {
    end = std::min(data.size(), end + step);
    done += splitter
                .Split(std::string_view(data).substr(done, end - done),
                       [&](std::size_t, std::string_view line) {
                         lines.emplace_back(line);
                         return LineSplitter::Visited::kGoOn;
                       })
                .consumed;
  }
  return lines;
}

}  // namespace

TEST_CASE("the same lines come out whatever the pieces are") {
  const std::string data =
      "one\ntwo\r\n\nthree\x0B\x85 \xE2\x80\xA8 \r x\n" + std::string(50, 'l') + "\nfour\ntail";
  const SplitLines expected = {"one", "two", "", "three\x0B\x85 \xE2\x80\xA8 \r x", "four"};
  for (std::size_t step = 1; step <= data.size(); ++step) {
    INFO("step " << step);
    CHECK(SplitInSteps(data, step, 20) == expected);
  }
}

TEST_CASE("a line of exactly max_line is a line, one byte more is not") {
  CHECK(SplitInSteps("12345\n123456\n", 100, 5) == SplitLines{"12345"});
}

TEST_CASE("skipped bytes of a long line are counted once, newline included") {
  LineSplitter splitter(4);
  std::uint64_t skipped = 0;
  for (const std::string_view piece : {"123456", "789", "0\nab\n"}) {
    skipped += splitter
                   .Split(piece, [](std::size_t,
                                    std::string_view) { return LineSplitter::Visited::kGoOn; })
                   .skipped_bytes;
  }
  CHECK(skipped == 11);
}

TEST_CASE("a NUL byte stops the lines before it") {
  LineSplitter splitter(100);
  SplitLines lines;
  const auto outcome = splitter.Split(std::string_view("one\nhalf\0two\n", 13),
                                      [&](std::size_t, std::string_view line) {
                                        lines.emplace_back(line);
                                        return LineSplitter::Visited::kGoOn;
                                      });
  CHECK(lines == SplitLines{"one"});
  CHECK(outcome.consumed == 4);
  CHECK(outcome.blocked_by_nul);
}

TEST_CASE("newlines are counted, those of skipped lines too, and going back sets the count") {
  LineSplitter splitter(4);
  splitter.Restart(10);
  std::vector<std::uint64_t> numbers;
  const auto number = [&](std::size_t, std::string_view) {
    numbers.push_back(splitter.line_ends() + 1);
    return LineSplitter::Visited::kGoOn;
  };
  const auto first = splitter.Split("one\n123456\ntwo\n12345", number);
  CHECK(first.last_line_end == 15);
  CHECK(first.consumed == 20);
  CHECK(splitter.Split("6\n", number).last_line_end == 2);
  splitter.Split("six\n", number);
  CHECK(numbers == std::vector<std::uint64_t>{11, 13, 15});
  CHECK(splitter.line_ends() == 15);
}

TEST_CASE("a visitor may stop after any line") {
  LineSplitter splitter(100);
  const auto outcome = splitter.Split(
      "one\ntwo\n", [](std::size_t, std::string_view) { return LineSplitter::Visited::kStop; });
  CHECK(outcome.consumed == 4);
  CHECK(outcome.lines == 1);
}
