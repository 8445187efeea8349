// Cells first, then widths, then lines: texts to the left, numbers to the right.
#include "aggregator/stats_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "aggregator/printable_word.h"

namespace routerate {
namespace {

constexpr std::string_view kNoValue = "-";

std::string Word(std::string_view text) {
  return text.empty() ? std::string(kNoValue) : PrintableWord(text);
}

// awk reads "31.0:unknown" as 31.
std::string AgeCell(const StatsAge& age, int decimals) {
  std::string cell =
      age.seconds ? fmt::format("{:.{}f}", *age.seconds, decimals) : std::string(kNoValue);
  if (age.state != ServiceState::kKnown) cell += fmt::format(":{}", ServiceStateName(age.state));
  return cell;
}

std::string Cell(const StatsColumn& column, const StatsRow& row) {
  const StatsValue value = column.value(row);
  if (const auto* text = std::get_if<std::string_view>(&value)) return Word(*text);
  if (const auto* number = std::get_if<double>(&value)) {
    return fmt::format("{:.{}f}", *number, column.decimals);
  }
  if (const auto* count = std::get_if<std::uint64_t>(&value)) return std::to_string(*count);
  if (const auto* age = std::get_if<StatsAge>(&value)) return AgeCell(*age, column.decimals);
  return std::string(kNoValue);
}

using Cells = std::vector<std::string>;
using Columns = std::vector<const StatsColumn*>;

Cells CellsOf(const StatsRow& row, const Columns& columns) {
  Cells cells;
  for (const StatsColumn* column : columns) cells.push_back(Cell(*column, row));
  return cells;
}

// Characters, not bytes: a route may be in any script.
std::size_t Width(const std::string& cell) {
  return static_cast<std::size_t>(std::ranges::count_if(
      cell, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

constexpr std::size_t kTextColumnCount = 4;  // namespace service route method: to the left

void AppendLine(const Cells& cells, const std::vector<std::size_t>& widths, std::string* out) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t room = widths[i] - Width(cells[i]);
    if (i > 0) *out += ' ';
    if (i >= kTextColumnCount) out->append(room, ' ');
    *out += cells[i];
    if (i < kTextColumnCount) out->append(room, ' ');
  }
  *out += '\n';
}

}  // namespace

std::string StatsText(std::span<const StatsRow> rows, StatsBy by) {
  const Columns columns = TextColumns(by);
  std::vector<Cells> lines(1);
  for (const StatsColumn* column : columns) lines.front().emplace_back(column->name);
  for (const StatsRow& row : rows) lines.push_back(CellsOf(row, columns));
  std::vector<std::size_t> widths(lines.front().size());
  for (const Cells& cells : lines) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], Width(cells[i]));
    }
  }
  std::string out;
  for (const Cells& cells : lines) AppendLine(cells, widths, &out);
  return out;
}

std::string PlainStatsLine(const StatsRow& row, StatsBy by) {
  return fmt::format("{}", fmt::join(CellsOf(row, TextColumns(by)), " "));
}

}  // namespace routerate
