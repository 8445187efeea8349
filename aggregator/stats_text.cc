// Cells first, then widths, then lines: texts to the left, numbers to the right.
#include "aggregator/stats_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "aggregator/printable_word.h"

namespace routerate {
namespace {

constexpr std::string_view kNoValue = "-";

std::string Word(std::string_view text) {
  return text.empty() ? std::string(kNoValue) : PrintableWord(text);
}

// awk reads "31.0:unknown" as 31.
void AppendAge(const StatsAge& age, int decimals, std::string* out) {
  if (age.seconds) {
    fmt::format_to(std::back_inserter(*out), "{:.{}f}", *age.seconds, decimals);
  } else {
    *out += kNoValue;
  }
  if (age.state != ServiceState::kKnown) (*out += ':') += ServiceStateName(age.state);
}

void AppendCell(const StatsColumn& column, const StatsRow& row, std::string* out) {
  const StatsValue value = column.value(row);
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    *out += Word(*text);
  } else if (const auto* number = std::get_if<double>(&value)) {
    fmt::format_to(std::back_inserter(*out), "{:.{}f}", *number, column.decimals);
  } else if (const auto* count = std::get_if<std::uint64_t>(&value)) {
    fmt::format_to(std::back_inserter(*out), "{}", *count);
  } else if (const auto* age = std::get_if<StatsAge>(&value)) {
    AppendAge(*age, column.decimals, out);
  } else {
    *out += kNoValue;
  }
}

using Cells = std::vector<std::string>;
using Columns = std::vector<const StatsColumn*>;

Cells CellsOf(const StatsRow& row, const Columns& columns) {
  Cells cells;
  for (const StatsColumn* column : columns) AppendCell(*column, row, &cells.emplace_back());
  return cells;
}

// Characters, not bytes: a route may be in any script.
std::size_t Width(const std::string& cell) {
  return static_cast<std::size_t>(std::ranges::count_if(
      cell, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

constexpr std::size_t kTextColumnCount = 4;  // namespace service route method: to the left

std::string Line(const Cells& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t room = widths[i] - Width(cells[i]);
    if (i > 0) line += ' ';
    if (i >= kTextColumnCount) line.append(room, ' ');
    line += cells[i];
    if (i < kTextColumnCount) line.append(room, ' ');
  }
  return line;
}

// The header, and a line a row.
std::vector<std::string> AlignedLines(std::span<const StatsRow> rows, StatsBy by) {
  const Columns columns = TextColumns(by);
  std::vector<Cells> cells_of(1);
  for (const StatsColumn* column : columns) cells_of.front().emplace_back(column->name);
  for (const StatsRow& row : rows) cells_of.push_back(CellsOf(row, columns));
  std::vector<std::size_t> widths(columns.size());
  for (const Cells& cells : cells_of) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], Width(cells[i]));
    }
  }
  std::vector<std::string> lines;
  lines.reserve(cells_of.size());
  for (const Cells& cells : cells_of) lines.push_back(Line(cells, widths));
  return lines;
}

// Parameters of ECMA-48's SGR.
constexpr std::string_view kPlain = "";
constexpr std::string_view kBold = "1";
constexpr std::string_view kFaint = "2";
constexpr std::string_view kRed = "31";
constexpr std::string_view kYellow = "33";

std::string_view ColourOf(const StatsRow& row) {
  const ServiceState state = row.pod == nullptr ? row.service->state : row.pod->state;
  if (state == ServiceState::kGone) return kFaint;
  if (state != ServiceState::kKnown) return kYellow;
  return row.series->ErrorsPerSecond(kMinuteWindow).value_or(0) > 0 ? kRed : kPlain;
}

std::string InColour(std::string_view colour, const std::string& line) {
  return colour.empty() ? line + '\n' : fmt::format("\x1B[{}m{}\x1B[0m\n", colour, line);
}

}  // namespace

std::string StatsText(std::span<const StatsRow> rows, StatsBy by) {
  std::string out;
  for (const std::string& line : AlignedLines(rows, by)) out += line + '\n';
  return out;
}

std::string ColouredStatsText(std::span<const StatsRow> rows, StatsBy by) {
  const std::vector<std::string> lines = AlignedLines(rows, by);
  std::string out = InColour(kBold, lines.front());
  for (std::size_t i = 0; i < rows.size(); ++i) out += InColour(ColourOf(rows[i]), lines[i + 1]);
  return out;
}

void AppendPlainStatsLine(const StatsRow& row, std::span<const StatsColumn* const> columns,
                          std::string* out) {
  for (const StatsColumn* column : columns) {
    if (column != columns.front()) *out += ' ';
    AppendCell(*column, row, out);
  }
}

}  // namespace routerate
