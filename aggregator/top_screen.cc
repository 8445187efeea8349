// JSON into cells, cells into lines as wide as the terminal.
#include "aggregator/top_screen.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <ctime>
#include <vector>

#include "aggregator/printable_word.h"

namespace routerate {
namespace {

namespace json = boost::json;

constexpr std::string_view kAlarm = "\x1B[31m";
constexpr std::string_view kBold = "\x1B[1m";
constexpr std::string_view kPlain = "\x1B[0m";

// A number right-aligned; `from` is the terminal's width from which there is room for it.
struct Column {
  std::string_view name;
  std::string_view key;
  std::size_t width;
  int decimals;
  std::size_t from;
  double times = 1;
};
constexpr std::array kColumns = {
    Column{"req/s_10s", "req/s_10s", 9, 2, 0}, Column{"req/s_1m", "req/s_1m", 9, 2, 0},
    Column{"req/s_5m", "req/s_5m", 9, 2, 110}, Column{"err%", "error_share", 6, 2, 0, 100},
    Column{"p50_ms", "p50_ms", 8, 1, 120},     Column{"p95_ms", "p95_ms", 8, 1, 70},
    Column{"p99_ms", "p99_ms", 8, 1, 100},     Column{"age_s", "age_s", 6, 1, 90}};

// 0 where there is none, for sums.
double Number(const json::value& value) {
  return value.is_number() ? value.to_number<double>() : 0.0;
}

std::string Cell(const json::value& value, const Column& column) {
  if (!value.is_number()) return "-";
  return fmt::format("{:.{}f}", Number(value) * column.times, column.decimals);
}

std::string Text(const json::value& value) {
  const std::string word = PrintableWord(std::string_view(value.as_string()));
  return word.empty() ? "-" : word;
}

// The first `most` characters, of which none is cut in two.
std::string Cut(std::string_view line, std::size_t most) {
  std::size_t end = 0;
  for (; end < line.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(line[end]) & 0xC0) != 0x80;
    if (begins && most-- == 0) break;
  }
  return std::string(line.substr(0, end));
}

std::string Heading(std::size_t columns) {
  std::string line;
  for (const Column& column : kColumns) {
    if (columns >= column.from) line += fmt::format("{:>{}} ", column.name, column.width);
  }
  return line + " service method route";
}

std::string RouteLine(const json::object& row, std::size_t columns) {
  std::string line;
  for (const Column& column : kColumns) {
    if (columns < column.from) continue;
    line += fmt::format("{:>{}} ", Cell(row.at(column.key), column), column.width);
  }
  return line + fmt::format(" {}/{} {} {}", Text(row.at("namespace")), Text(row.at("service")),
                            Text(row.at("method")), Text(row.at("route")));
}

std::string PipelineLine(const json::object& overview) {
  const json::object& pipeline = overview.at("pipeline").as_object();
  const auto count = [&pipeline](std::string_view key) { return Number(pipeline.at(key)); };
  const double rejected =
      count("rejected_records") + count("rejected_events") + count("rejected_requests");
  return fmt::format(
      "lag {}  late {:.0f}  repeats {:.0f}  rejected {:.0f}  overflow {:.0f}  "
      "series {:.0f}  routes {}",
      pipeline.at("lag_records").is_null() ? "-" : fmt::to_string(count("lag_records")),
      count("late"), count("duplicates"), rejected, count("overflow"), count("series"),
      json::serialize(overview.at("matching")));
}

// "7 services: 6 known, 1 unknown"; an alarm where any is unknown, or Kafka is in trouble.
struct State {
  std::string text;
  bool alarm = false;
};
State StateOf(const json::object& overview) {
  const json::object& pipeline = overview.at("pipeline").as_object();
  if (const auto& trouble = pipeline.at("trouble").as_string(); !trouble.empty()) {
    return {"kafka: " + std::string(trouble), true};
  }
  if (!pipeline.at("ready").as_bool()) return {"not ready: rates are withheld", true};
  const json::array& services = overview.at("services").as_array();
  std::string text = fmt::format("services {}", services.size());
  bool alarm = false;
  for (const std::string_view state : {"known", "warming", "unknown", "gone"}) {
    const auto in_state = std::ranges::count_if(services, [state](const json::value& service) {
      return service.at("state").as_string() == state;
    });
    if (in_state > 0) text += fmt::format("  {} {}", state, in_state);
    alarm |= in_state > 0 && state == "unknown";
  }
  return {text, alarm};
}

std::string TitleLine(const json::object& overview) {
  double rate = 0;
  for (const json::value& service : overview.at("services").as_array()) {
    rate += Number(service.at("req/s_1m"));
  }
  const std::time_t second = overview.at("time_ms").to_number<std::int64_t>() / 1000;
  return fmt::format("routerate {}  {:%H:%M:%S}  {:.2f} req/s_1m", Text(overview.at("version")),
                     fmt::localtime(second), rate);
}

// The library throws where a key or a type is another.
std::string Draw(const json::object& overview, TerminalSize size, TopColours colours) {
  const auto coloured = [&](std::string_view colour, const std::string& line) {
    const std::string cut = Cut(line, size.columns);
    if (colours == TopColours::kNone) return cut + "\n";
    return fmt::format("{}{}{}\n", colour, cut, kPlain);
  };
  const State state = StateOf(overview);
  std::vector<std::string> lines = {
      coloured(kBold, TitleLine(overview)), coloured(state.alarm ? kAlarm : "", state.text),
      coloured("", PipelineLine(overview)), coloured(kBold, Heading(size.columns))};
  for (const json::value& row : overview.at("routes").as_array()) {
    lines.push_back(coloured("", RouteLine(row.as_object(), size.columns)));
  }
  lines.resize(std::min(lines.size(), std::max<std::size_t>(size.rows, 2) - 1));
  return fmt::format("{}", fmt::join(lines, ""));
}

}  // namespace

Result<std::string> TopScreen(std::string_view overview, TerminalSize size, TopColours colours) {
  try {
    return Draw(json::parse({overview.data(), overview.size()}).as_object(), size, colours);
  } catch (const std::exception& error) {
    return Fail(fmt::format("the answer is no overview of routerate-aggregator: {}", error.what()));
  }
}

}  // namespace routerate
