// Fields are quoted where RFC 4180 demands it, and nowhere else.
#include "aggregator/stats_csv.h"

#include <fmt/format.h>

#include "aggregator/stats_json.h"

namespace routerate {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

// A spreadsheet runs what begins like this. No route, method or Kubernetes name does, but for the
// route "-", which is none; an agent's configuration, and who may write to the topic, could.
bool IsFormula(std::string_view text) {
  return !text.empty() && text != "-" &&
         std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos;
}

std::string Quoted(std::string_view text) {
  if (text.find_first_of("\",\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string Field(const StatsValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    return Quoted(IsFormula(*text) ? fmt::format("'{}", *text) : std::string(*text));
  }
  if (const auto* number = std::get_if<double>(&value)) return fmt::to_string(*number);
  if (const auto* count = std::get_if<std::uint64_t>(&value)) return fmt::to_string(*count);
  if (const auto* labels = std::get_if<const PodLabels*>(&value)) {
    return Quoted(LabelsJson(**labels));
  }
  const auto* age = std::get_if<StatsAge>(&value);
  return age != nullptr && age->seconds ? fmt::to_string(*age->seconds) : std::string();
}

}  // namespace

std::string StatsCsv(std::span<const StatsRow> rows) {
  std::string out;
  const auto append_line = [&out](const auto& field_of) {
    for (const StatsColumn& column : StatsColumns()) {
      if (&column != &StatsColumns().front()) out += ',';
      out += field_of(column);
    }
    out += kLineEnd;
  };
  append_line([](const StatsColumn& column) { return column.name; });
  for (const StatsRow& row : rows) {
    append_line([&row](const StatsColumn& column) { return Field(column.value(row)); });
  }
  return out;
}

}  // namespace routerate
