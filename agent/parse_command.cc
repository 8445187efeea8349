// The agent's splitter and parser over a stream, with counts.
#include "agent/parse_command.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <vector>

#include "agent/line_splitter.h"
#include "parsers/event_record.h"

namespace routerate {
namespace {

constexpr std::size_t kStep = 256 << 10;
constexpr std::uint64_t kMaxLine = 128 << 10;

class LogParse {
 public:
  LogParse(std::FILE* rejects, const LineFormat& format, ParseOutput output)
      : rejects_file_(rejects), parser_(format), output_(output) {}

  // `data` is followed by kLinePadding readable bytes. Returns the bytes done with.
  std::size_t Take(std::string_view data) {
    const auto outcome = splitter_.Split(data, [&](std::size_t position, std::string_view line) {
      TakeLine(offset_ + position, line);
      return LineSplitter::Visited::kGoOn;
    });
    offset_ += outcome.consumed;
    skipped_bytes_ += outcome.skipped_bytes;
    return outcome.consumed;
  }
  void TakeLine(std::uint64_t offset, std::string_view line) {
    ++lines_;
    const auto event = parser_.Parse(line);
    if (event) {
      ++events_;
      if (output_ == ParseOutput::kEvents) AppendEvent(offset, *event, &out_);
      return;
    }
    const Rejection& why = event.error();
    ++rejected_[static_cast<std::size_t>(why.reason)];
    if (output_ == ParseOutput::kEvents) {
      fmt::print(rejects_file_, "line {}: {} at column {}\n", lines_, RejectReasonName(why.reason),
                 why.column);
    }
  }
  // Moves what was written so far to `out`.
  Result<void> Drain(std::FILE* out) {
    const bool written = std::fwrite(out_.data(), 1, out_.size(), out) == out_.size();
    out_.clear();
    if (!written) return Fail(fmt::format("write: {}", std::strerror(errno)), errno);
    return {};
  }
  void Summarise() {
    out_ += fmt::format("lines {}\nevents {}\n", lines_, events_);
    for (std::size_t i = 0; i < rejected_.size(); ++i) {
      if (rejected_[i] == 0) continue;
      out_ += fmt::format("rejected_{} {}\n", RejectReasonName(static_cast<RejectReason>(i)),
                          rejected_[i]);
    }
    if (skipped_bytes_ > 0) out_ += fmt::format("long_line_bytes {}\n", skipped_bytes_);
  }
  std::uint64_t offset() const { return offset_; }

 private:
  std::FILE* rejects_file_;
  LineParser parser_;
  ParseOutput output_;
  LineSplitter splitter_{kMaxLine};
  std::string out_;
  std::uint64_t offset_ = 0;
  std::uint64_t lines_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t skipped_bytes_ = 0;
  std::array<std::uint64_t, kRejectReasonCount> rejected_{};
};

// A NUL ends what can be split; in a finished log it is a hole, and what is before it no line.
std::size_t PassNuls(std::string_view data) {
  const std::size_t nul = data.find('\0');
  if (nul == std::string_view::npos) return 0;
  const std::size_t end = data.find_first_not_of('\0', nul);
  return end == std::string_view::npos ? data.size() : end;
}

}  // namespace

Result<void> ParseLog(std::FILE* in, std::FILE* out, std::FILE* rejects, const LineFormat& format,
                      ParseOutput output) {
  LogParse parse(rejects, format, output);
  std::vector<char> buffer(kStep + kLinePadding);
  std::size_t held = 0;
  for (;;) {
    const std::size_t got = std::fread(buffer.data() + held, 1, kStep - held, in);
    if (std::ferror(in) != 0) return Fail(fmt::format("read: {}", std::strerror(errno)), errno);
    held += got;
    std::size_t done = parse.Take({buffer.data(), held});
    if (done == 0) done = PassNuls({buffer.data(), held});
    if (done == 0 && got == 0) break;
    std::memmove(buffer.data(), buffer.data() + done, held - done);
    held -= done;
    if (auto drained = parse.Drain(out); !drained) return drained;
  }
  if (held > 0) parse.TakeLine(parse.offset(), {buffer.data(), held});
  if (output == ParseOutput::kSummary) parse.Summarise();
  return parse.Drain(out);
}

}  // namespace routerate
