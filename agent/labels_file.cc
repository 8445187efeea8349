// The file is read when it is another one, or was written. A value with an escape in it is no
// label's, so nothing is ever unescaped.
#include "agent/labels_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "parsers/pod_description.h"

namespace routerate {
namespace {

struct LabelLines {
  PodLabels labels;
  std::size_t wrong = 0;  // lines that are no label, or one that was there before
};

bool AddLabel(std::string_view line, PodLabels* labels) {
  const std::size_t equals = line.find("=\"");
  if (equals == std::string_view::npos || !line.ends_with('"')) return false;
  const std::string_view key = line.substr(0, equals);
  line.remove_prefix(equals + 2);
  if (line.empty()) return false;  // the quote that ends it is the one that begins it
  line.remove_suffix(1);
  return labels->emplace(key, line).second;
}

LabelLines ReadLines(std::string_view text) {
  LabelLines lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.empty() && !AddLabel(line, &lines.labels)) ++lines.wrong;
  }
  return lines;
}

}  // namespace

const std::string& LabelsFile::Look(Millis now) {
  if (path_.empty() || (looked_at_ && now - *looked_at_ < kInterval)) return labels_;
  looked_at_ = now;
  if (auto done = ReadIfChanged(); !done) {
    read_.reset();
    events_.LabelsFailed(done.error().message);
  }
  return labels_;
}

Result<void> LabelsFile::ReadIfChanged() {
  const auto status = file_system_.Status(path_);
  if (!status) return std::unexpected(status.error());
  if (read_ && read_->SameFile(*status) && read_->SameWriting(*status)) return {};
  if (!status->regular || status->size > kMostBytes) {
    return Fail(
        fmt::format("{}: expected a file of labels, of {} bytes at most", path_, kMostBytes));
  }
  const auto text = file_system_.ReadWhole(path_);
  if (!text) return std::unexpected(text.error());
  const LabelLines lines = ReadLines(*text);
  if (lines.labels.empty() && lines.wrong > 0) {
    return Fail(fmt::format("{}: no line is KEY=\"VALUE\" as the downward API writes it", path_));
  }
  PodLabelsText written = WritePodLabels(lines.labels);
  labels_ = std::move(written.text);
  read_ = *status;
  const std::size_t left_out = lines.wrong + written.left_out;
  events_.LabelsRead(lines.labels.size() - written.left_out, left_out);
  return {};
}

}  // namespace routerate
