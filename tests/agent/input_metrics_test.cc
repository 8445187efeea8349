// What was read and what is there to be read, by input.
#include "agent/input_metrics.h"

#include <catch2/catch.hpp>
#include <string>

using namespace routerate;

namespace {

std::string Exposed(const InputMetrics& metrics) {
  Exposition page;
  metrics.Expose(&page);
  return page.Text();
}

}  // namespace

TEST_CASE("each input has its bytes, lines by outcome, files and what is behind") {
  InputMetrics metrics;
  metrics.InputsUsed({"/a/*.log", "/b/*.log"});
  metrics.BytesRead(1, 700);
  metrics.LinesRead(1, {.accepted = 5, .repaired = 2, .rejected = 1});
  metrics.LinesRead(1, {.accepted = 1});
  metrics.Stepped({{.files_open = 1, .bytes_behind = 0}, {.files_open = 3, .bytes_behind = 42}});
  const std::string page = Exposed(metrics);
  for (const char* line :
       {"routerate_agent_read_bytes_total{input=\"/a/*.log\"} 0\n",
        "routerate_agent_read_bytes_total{input=\"/b/*.log\"} 700\n",
        "routerate_agent_lines_total{input=\"/b/*.log\",outcome=\"accepted\"} 6\n",
        "routerate_agent_lines_total{input=\"/b/*.log\",outcome=\"repaired\"} 2\n",
        "routerate_agent_lines_total{input=\"/b/*.log\",outcome=\"rejected\"} 1\n",
        "routerate_agent_lines_total{input=\"/a/*.log\",outcome=\"accepted\"} 0\n",
        "routerate_agent_open_files{input=\"/a/*.log\"} 1\n",
        "routerate_agent_open_files{input=\"/b/*.log\"} 3\n",
        "routerate_agent_behind_bytes{input=\"/b/*.log\"} 42\n"}) {
    CHECK_THAT(page, Catch::Contains(line));
  }
}

TEST_CASE("with another configuration a pattern's counts go on, and those of no input end") {
  InputMetrics metrics;
  metrics.InputsUsed({"/gone", "/kept"});
  metrics.BytesRead(0, 1);
  metrics.BytesRead(1, 2);
  metrics.InputsUsed({"/kept", "/new"});
  metrics.BytesRead(0, 3);
  const std::string page = Exposed(metrics);
  CHECK_THAT(page, Catch::Contains("routerate_agent_read_bytes_total{input=\"/kept\"} 5\n"));
  CHECK_THAT(page, Catch::Contains("routerate_agent_read_bytes_total{input=\"/new\"} 0\n"));
  CHECK_THAT(page, !Catch::Contains("/gone"));
}

TEST_CASE("inputs with one pattern are one series, and a label is always valid UTF-8") {
  InputMetrics metrics;
  metrics.InputsUsed({"/\xFF", "/\xFF"});
  metrics.Stepped({{.files_open = 2, .bytes_behind = 0}, {.files_open = 1, .bytes_behind = 0}});
  CHECK_THAT(Exposed(metrics), Catch::Contains("routerate_agent_open_files{input=\"/%FF\"} 3\n"));
}
