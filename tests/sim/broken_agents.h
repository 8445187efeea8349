// Agents that are broken on purpose, by what is put between a sound one and its world. Each has a
// fault that a real program has had; the simulation must catch them all.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/record_sink.h"
#include "base/file_system.h"
#include "parsers/route_matcher.h"

namespace routerate {

enum class Breakage {
  kNone,
  kCommitOnSend,   // takes a record for delivered once it is in the producer's queue
  kFreshIds,       // nothing tells a line that is sent again: no two records share a file's id
  kSummariesOnly,  // has lines in summaries that may have been sent before
  kIdentityByHead  // a file is what its first line is
};

// Says "delivered" at the next Poll, whatever becomes of the record.
class CommitOnSend final : public RecordSink {
 public:
  explicit CommitOnSend(RecordSink& sink) : sink_(sink) {}
  SendResult TrySend(const std::string& key, const HeaderPairs& headers, std::string_view value,
                     Ticket ticket) override;
  void Poll(DeliveryListener& listener) override;

 private:
  RecordSink& sink_;
  std::vector<Ticket> sent_;
};

// Gives each record a file id of its own.
class FreshIds final : public RecordSink {
 public:
  // Counts on in `next`, which outlives the agent's process.
  FreshIds(RecordSink& sink, std::uint64_t& next) : sink_(sink), next_(next) {}
  SendResult TrySend(const std::string& key, const HeaderPairs& headers, std::string_view value,
                     Ticket ticket) override;
  void Poll(DeliveryListener& listener) override { sink_.Poll(listener); }

 private:
  RecordSink& sink_;
  std::uint64_t& next_;
};

// Sends what comes as events as a summary.
class SummariesOnly final : public RecordSink {
 public:
  explicit SummariesOnly(RecordSink& sink) : sink_(sink) {}
  SendResult TrySend(const std::string& key, const HeaderPairs& headers, std::string_view value,
                     Ticket ticket) override;
  void Poll(DeliveryListener& listener) override { sink_.Poll(listener); }

 private:
  RecordSink& sink_;
  RouteMatcher routes_ = *RouteMatcher::Create({}, "");
};

// Shows the hash of a file's first line as its inode, and no birth: as tailers do that know a file
// by a fingerprint of its head alone. A file without a whole line is not shown yet.
class IdentityByHead final : public FileSystem {
 public:
  explicit IdentityByHead(FileSystem& files) : files_(files) {}

  using FileSystem::Open;
  Result<std::unique_ptr<File>> Open(const std::string& path, Access access) override;
  Result<FileStatus> Status(const std::string& path) override;
  Result<std::vector<std::string>> Glob(const std::string& pattern) override {
    return files_.Glob(pattern);
  }
  Result<std::string> Resolve(const std::string& path) override { return files_.Resolve(path); }
  Result<FileSystemType> Type(const std::string& path) override { return files_.Type(path); }
  Result<std::string> ReadWhole(const std::string& path) override { return files_.ReadWhole(path); }
  Result<void> WriteSynced(const std::string& path, std::string_view content) override {
    return files_.WriteSynced(path, content);
  }
  Result<void> Remove(const std::string& path) override { return files_.Remove(path); }
  Result<void> Link(const std::string& from, const std::string& to) override {
    return files_.Link(from, to);
  }
  Result<void> Rename(const std::string& from, const std::string& to) override {
    return files_.Rename(from, to);
  }
  Result<void> SyncDirectoryOf(const std::string& path) override {
    return files_.SyncDirectoryOf(path);
  }

 private:
  FileSystem& files_;
};

}  // namespace routerate
