// Values are atomics and the list of series is not: it changes with the configuration only.
#include "agent/input_metrics.h"

#include <algorithm>
#include <iterator>

#include "parsers/utf8.h"

namespace routerate {
namespace {

using prometheus::MetricType;

std::string LabelOf(const std::string& pattern) {
  TextScratch scratch;
  scratch.Begin(RepairUtf8Room(pattern.size()));
  return std::string(RepairUtf8(pattern, &scratch));
}

}  // namespace

void InputMetrics::Expose(Exposition* page) const {
  const std::lock_guard lock(mutex_);
  page->Begin("routerate_agent_read_bytes_total", "Log bytes read.", MetricType::Counter);
  Add(page, &Series::bytes);
  page->Begin("routerate_agent_lines_total",
              "Complete log lines read: as their format promises them (accepted), giving their "
              "event all the same (repaired), giving none (rejected).",
              MetricType::Counter);
  AddLines(page, "accepted", &Series::accepted);
  AddLines(page, "repaired", &Series::repaired);
  AddLines(page, "rejected", &Series::rejected);
  page->Begin("routerate_agent_open_files", "Files followed.", MetricType::Gauge);
  Add(page, &Series::files_open);
  page->Begin("routerate_agent_behind_bytes", "Bytes written to the logs and not read.",
              MetricType::Gauge);
  Add(page, &Series::bytes_behind);
}

void InputMetrics::Add(Exposition* page, Value Series::*value) const {
  for (const auto& [pattern, series] : series_) {
    page->Add({{"input", pattern}}, static_cast<double>((series.*value).load()));
  }
}

void InputMetrics::AddLines(Exposition* page, const std::string& outcome,
                            Value Series::*lines) const {
  for (const auto& [pattern, series] : series_) {
    page->Add({{"input", pattern}, {"outcome", outcome}},
              static_cast<double>((series.*lines).load()));
  }
}

void InputMetrics::InputsUsed(const std::vector<std::string>& patterns) {
  std::vector<std::string> labels;
  std::ranges::transform(patterns, std::back_inserter(labels), LabelOf);
  const std::lock_guard lock(mutex_);
  std::erase_if(series_, [&](const auto& entry) {
    return std::ranges::find(labels, entry.first) == labels.end();
  });
  by_input_.clear();
  std::ranges::transform(labels, std::back_inserter(by_input_),
                         [&](const std::string& label) { return &series_[label]; });
}

void InputMetrics::LinesRead(std::size_t input, const LineCounts& counts) {
  Series& series = *by_input_[input];
  series.accepted += counts.accepted;
  series.repaired += counts.repaired;
  series.rejected += counts.rejected;
}

// Two inputs may have one pattern.
void InputMetrics::Stepped(const std::vector<InputGauges>& inputs) {
  for (Series* series : by_input_) series->sum = {};
  for (std::size_t input = 0; input < inputs.size(); ++input) {
    by_input_[input]->sum.files_open += inputs[input].files_open;
    by_input_[input]->sum.bytes_behind += inputs[input].bytes_behind;
  }
  for (Series* series : by_input_) {
    series->files_open = series->sum.files_open;
    series->bytes_behind = series->sum.bytes_behind;
  }
}

}  // namespace routerate
