// The wrappers; nothing of the product is changed.
#include "tests/sim/broken_agents.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>

#include "parsers/request_summary.h"

namespace routerate {
namespace {

// Of the first line; 0 without one.
Result<std::uint64_t> HeadOf(File& file) {
  std::array<char, 16 << 10> bytes;
  auto got = file.ReadAt(0, bytes);
  if (!got) return std::unexpected(std::move(got.error()));
  const std::string_view head(bytes.data(), *got);
  const std::size_t end = head.find('\n');
  if (end == std::string_view::npos) return 0;
  return std::hash<std::string_view>()(head.substr(0, end)) | 1;
}

class FileByHead final : public File {
 public:
  FileByHead(std::unique_ptr<File> file, std::uint64_t head)
      : file_(std::move(file)), head_(head) {}
  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> out) override {
    return file_->ReadAt(offset, out);
  }
  Result<FileStatus> Status() override {
    auto status = file_->Status();
    if (status) status->inode = head_;
    if (status) status->birth_ns = 0;
    return status;
  }
  Result<std::uint64_t> NextData(std::uint64_t offset) override { return file_->NextData(offset); }
  Result<void> Punch(std::uint64_t begin, std::uint64_t end) override {
    return file_->Punch(begin, end);
  }

 private:
  std::unique_ptr<File> file_;
  std::uint64_t head_;  // as it was when the file was opened
};

struct Nobody final : DeliveryListener {
  void OnDelivered(Ticket) override {}
  void OnTooLarge(Ticket) override {}
  void OnLost(Loss, std::string_view) override {}
};

}  // namespace

SendResult CommitOnSend::TrySend(const std::string& key, const HeaderPairs& headers,
                                 std::string_view value, Ticket ticket) {
  const SendResult result = sink_.TrySend(key, headers, value, ticket);
  if (result == SendResult::kSent) sent_.push_back(ticket);
  return result;
}

void CommitOnSend::Poll(DeliveryListener& listener) {
  Nobody nobody;
  sink_.Poll(nobody);
  for (const Ticket ticket : std::exchange(sent_, {})) listener.OnDelivered(ticket);
}

SendResult FreshIds::TrySend(const std::string& key, const HeaderPairs& headers,
                             std::string_view value, Ticket ticket) {
  HeaderPairs pairs = headers;
  const auto file = std::ranges::find(pairs, "rr-file", &HeaderPairs::value_type::first);
  if (file != pairs.end()) file->second += "." + std::to_string(++next_);
  return sink_.TrySend(key, pairs, value, ticket);
}

SendResult SummariesOnly::TrySend(const std::string& key, const HeaderPairs& headers,
                                  std::string_view value, Ticket ticket) {
  const std::vector<std::pair<std::string_view, std::string_view>> views(headers.begin(),
                                                                         headers.end());
  auto decoded = DecodeHeaders(views);
  if (!decoded || decoded->kind != RecordKind::kEvents) {
    return sink_.TrySend(key, headers, value, ticket);
  }
  RequestSummary summary;
  (void)EventReader().Read(
      value, [&](const RecordedEvent& event) { summary.Add(event.offset, event.event, routes_); });
  decoded->kind = RecordKind::kSummary;
  decoded->lines = summary.lines();
  return sink_.TrySend(key, EncodeHeaders(*decoded), summary.Encode(), ticket);
}

Result<std::unique_ptr<File>> IdentityByHead::Open(const std::string& path, Access access) {
  auto file = files_.Open(path, access);
  if (!file) return file;
  const auto head = HeadOf(**file);
  if (!head) return std::unexpected(head.error());
  return std::make_unique<FileByHead>(std::move(*file), *head);
}

Result<FileStatus> IdentityByHead::Status(const std::string& path) {
  auto file = Open(path);
  if (!file) return std::unexpected(std::move(file.error()));
  auto status = (*file)->Status();
  if (status && status->inode == 0) return Fail("stat " + path + ": no line yet", ENOENT);
  return status;
}

}  // namespace routerate
