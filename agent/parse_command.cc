// The agent's splitter and parser over a stream, with counts.
#include "agent/parse_command.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "agent/line_splitter.h"
#include "parsers/event_record.h"
#include "parsers/line_parser.h"

namespace routerate {
namespace {

constexpr std::size_t kStep = 256 << 10;
constexpr std::uint64_t kMaxLine = 128 << 10;

class LogParse {
 public:
  LogParse(std::FILE* rejects, const ParseOptions& options)
      : rejects_file_(rejects),
        parser_(options.format),
        redaction_(options.redaction),
        output_(options.output) {}

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
  // Bytes that belong to no line.
  void Pass(std::size_t bytes) { offset_ += bytes; }
  void TakeLine(std::uint64_t offset, std::string_view line) {
    ++lines_;
    const auto event = parser_.Parse(line);
    if (!event) return Reject(event.error());
    ++(parser_.repaired() ? repaired_ : accepted_);
    if (output_ == ParseOutput::kEvents) AppendEvent(offset, redaction_.Apply(*event), &out_);
  }
  // Moves what was written so far to `out`.
  Result<void> Drain(std::FILE* out) {
    const bool written = std::fwrite(out_.data(), 1, out_.size(), out) == out_.size();
    out_.clear();
    if (!written) return Fail(fmt::format("write: {}", std::strerror(errno)), errno);
    return {};
  }
  void Summarise() {
    out_ += fmt::format("lines {}\naccepted {}\nrepaired {}\n", lines_, accepted_, repaired_);
    for (std::size_t i = 0; i < rejected_.size(); ++i) {
      if (rejected_[i] == 0) continue;
      out_ += fmt::format("rejected_{} {}\n", RejectReasonName(static_cast<RejectReason>(i)),
                          rejected_[i]);
    }
    out_ += fmt::format("long_line_bytes {}\n", skipped_bytes_);
  }
  std::uint64_t offset() const { return offset_; }

 private:
  void Reject(const Rejection& why) {
    ++rejected_[static_cast<std::size_t>(why.reason)];
    if (output_ != ParseOutput::kEvents) return;
    fmt::print(rejects_file_, "line {}: {} at column {}\n", splitter_.line_ends() + 1,
               RejectReasonName(why.reason), why.column);
  }

  std::FILE* rejects_file_;
  LineParser parser_;
  EventRedaction redaction_;
  ParseOutput output_;
  LineSplitter splitter_{kMaxLine};
  std::string out_;
  std::uint64_t offset_ = 0;
  std::uint64_t lines_ = 0;
  std::uint64_t accepted_ = 0;
  std::uint64_t repaired_ = 0;
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

Result<void> ParseLog(std::FILE* in, std::FILE* out, std::FILE* rejects,
                      const ParseOptions& options) {
  LogParse parse(rejects, options);
  std::vector<char> buffer(kStep + kLinePadding);
  std::size_t held = 0;
  for (;;) {
    const std::size_t got = std::fread(buffer.data() + held, 1, kStep - held, in);
    if (std::ferror(in) != 0) return Fail(fmt::format("read: {}", std::strerror(errno)), errno);
    held += got;
    std::size_t done = parse.Take({buffer.data(), held});
    if (done == 0) {
      done = PassNuls({buffer.data(), held});
      parse.Pass(done);
    }
    if (done == 0 && got == 0) break;
    std::memmove(buffer.data(), buffer.data() + done, held - done);
    held -= done;
    if (auto drained = parse.Drain(out); !drained) return drained;
  }
  if (held > 0) parse.TakeLine(parse.offset(), {buffer.data(), held});
  if (options.output == ParseOutput::kSummary) parse.Summarise();
  if (auto drained = parse.Drain(out); !drained) return drained;
  // A disk may be full without any write having said so yet.
  if (std::fflush(out) != 0) return Fail(fmt::format("write: {}", std::strerror(errno)), errno);
  return {};
}

}  // namespace routerate
