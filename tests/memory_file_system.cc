// Names are keys of maps, symbolic links are followed one by one, a hole is NUL bytes that fill a
// block.
#include "tests/memory_file_system.h"

#include <fnmatch.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace routerate {
namespace {

constexpr std::uint64_t kBlock = 4096;

std::unexpected<Error> Failed(std::string_view tried, const std::string& path, int code) {
  return Fail(std::string(tried) + " " + path + ": " + std::strerror(code), code);
}

}  // namespace

class MemoryFileSystem::Handle final : public File {
 public:
  Handle(MemoryFileSystem& files, std::shared_ptr<MemoryFile> node, std::string path, Access access)
      : files_(files), node_(std::move(node)), path_(std::move(path)), access_(access) {
    if (access_ == Access::kRead) ++node_->readers;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() override {
    if (access_ == Access::kRead) --node_->readers;
  }

  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> out) override {
    if (auto allowed = AllowedHere("read"); !allowed) {
      return std::unexpected(allowed.error());
    }
    if (offset >= node_->content.size()) return 0;
    const std::size_t got = node_->content.copy(out.data(), out.size(), offset);
    if (access_ == Access::kRead) node_->read_end = std::max(node_->read_end, offset + got);
    return got;
  }
  Result<FileStatus> Status() override {
    if (auto allowed = AllowedHere("stat"); !allowed) {
      return std::unexpected(allowed.error());
    }
    if (access_ == Access::kRead) node_->told_size = node_->content.size();
    return files_.StatusOf(*node_);
  }
  Result<std::uint64_t> NextData(std::uint64_t offset) override {
    if (auto allowed = files_.Allowed("seek in", path_); !allowed) {
      return std::unexpected(allowed.error());
    }
    const std::string& bytes = node_->content;
    if (offset >= bytes.size()) return bytes.size();
    const std::size_t data = std::min(bytes.find_first_not_of('\0', offset), bytes.size());
    const std::uint64_t block = data / kBlock * kBlock;
    const std::uint64_t first_whole = (offset + kBlock - 1) / kBlock * kBlock;
    return block > first_whole ? block : offset;
  }
  Result<void> Punch(std::uint64_t begin, std::uint64_t end) override {
    if (access_ != Access::kPunch) return Failed("punch a hole into", path_, EBADF);
    if (auto allowed = files_.Allowed("punch a hole into", path_); !allowed) return allowed;
    begin = (begin + kBlock - 1) / kBlock * kBlock;
    end = std::min<std::uint64_t>(end, node_->content.size()) / kBlock * kBlock;
    if (begin < end) std::fill_n(node_->content.begin() + std::ptrdiff_t(begin), end - begin, '\0');
    node_->modified_ns = files_.now_ns;
    return {};
  }

 private:
  Result<void> AllowedHere(std::string_view call) const {
    const bool stale = files_.deleted == Deleted::kStale && node_->links == 0;
    return stale ? Failed(call, path_, ESTALE) : files_.Allowed(call, path_);
  }

  MemoryFileSystem& files_;
  std::shared_ptr<MemoryFile> node_;
  std::string path_;
  Access access_;
};

MemoryFileSystem::~MemoryFileSystem() = default;

void MemoryFileSystem::Unlink(const std::string& path) {
  symlinks_.erase(path);
  const auto name = names_.find(path);
  if (name == names_.end()) return;
  --name->second->links;
  names_.erase(name);
}

void MemoryFileSystem::Symlink(const std::string& target, const std::string& path) {
  Unlink(path);
  symlinks_[path] = target;
}

std::shared_ptr<MemoryFile> MemoryFileSystem::Peek(const std::string& path) const {
  const auto found = names_.find(Followed(path));
  return found == names_.end() ? nullptr : found->second;
}

std::vector<std::string> MemoryFileSystem::Names() const {
  std::vector<std::string> names;
  names.reserve(names_.size() + symlinks_.size());
  for (const auto& [path, file] : names_) names.push_back(path);
  for (const auto& [path, target] : symlinks_) names.push_back(path);
  return names;
}

void MemoryFileSystem::Append(const std::string& path, std::string_view text) {
  Get(path)->content += text;
}

void MemoryFileSystem::Overwrite(const std::string& path, std::string text) {
  const auto node = Get(path);
  node->content = std::move(text);
  node->seen_size = node->content.size();
  node->modified_ns = now_ns;
}

std::uint64_t MemoryFileSystem::Inode(const std::string& path) const {
  return names_.at(Followed(path))->number;
}

const std::string& MemoryFileSystem::Content(const std::string& path) const {
  return names_.at(Followed(path))->content;
}

std::shared_ptr<std::string> MemoryFileSystem::Writer(const std::string& path) {
  auto node = Get(path);
  return {node, &node->content};
}

Result<std::unique_ptr<File>> MemoryFileSystem::Open(const std::string& path, Access access) {
  if (const auto fault = open_fails.find(path); fault != open_fails.end()) {
    return Failed("open", path, fault->second);
  }
  if (access == Access::kPunch && write_fails != 0) return Failed("open", path, write_fails);
  auto node = Find("open", path);
  if (!node) return std::unexpected(std::move(node.error()));
  return std::make_unique<Handle>(*this, std::move(*node), path, access);
}

Result<FileStatus> MemoryFileSystem::Status(const std::string& path) {
  auto node = Find("stat", path);
  if (!node) return std::unexpected(std::move(node.error()));
  return StatusOf(**node);
}

Result<std::vector<std::string>> MemoryFileSystem::Glob(const std::string& pattern) {
  if (auto allowed = Allowed("list", pattern); !allowed) return std::unexpected(allowed.error());
  std::set<std::string> paths;
  const auto add = [&](const std::string& path) {
    if (::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0) paths.insert(path);
  };
  for (const auto& [path, node] : names_) add(path);
  for (const auto& [path, target] : symlinks_) add(path);
  return std::vector<std::string>(paths.begin(), paths.end());
}

Result<std::string> MemoryFileSystem::Resolve(const std::string& path) {
  // A directory is there as long as something is in it.
  const auto inside = names_.lower_bound(path + "/");
  if (inside != names_.end() && inside->first.starts_with(path + "/")) return path;
  auto node = Find("resolve", path);
  if (!node) return std::unexpected(std::move(node.error()));
  return Followed(path);
}

Result<FileSystemType> MemoryFileSystem::Type(const std::string& path) {
  if (auto allowed = Allowed("statfs", path); !allowed) return std::unexpected(allowed.error());
  return type;
}

Result<std::string> MemoryFileSystem::ReadWhole(const std::string& path) {
  auto node = Find("open", path);
  if (!node) return std::unexpected(std::move(node.error()));
  return (*node)->content;
}

Result<void> MemoryFileSystem::WriteSynced(const std::string& path, std::string_view content) {
  if (replace_fails != 0) return Failed("write", path, replace_fails);
  if (auto allowed = Allowed("write", path); !allowed) {
    Overwrite(path, std::string(content.substr(0, content.size() / 2)));  // what a full disk leaves
    return allowed;
  }
  Overwrite(path, std::string(content));
  return {};
}

Result<void> MemoryFileSystem::Remove(const std::string& path) {
  if (auto allowed = Allowed("unlink", path); !allowed) return allowed;
  if (!names_.contains(path) && !symlinks_.contains(path)) return Failed("unlink", path, ENOENT);
  Unlink(path);
  return {};
}

Result<void> MemoryFileSystem::Link(const std::string& from, const std::string& to) {
  auto node = Find("link", from);
  if (!node) return std::unexpected(std::move(node.error()));
  if (!names_.try_emplace(to, *node).second) return Failed("link", to, EEXIST);
  ++(*node)->links;
  return {};
}

Result<void> MemoryFileSystem::Rename(const std::string& from, const std::string& to) {
  if (auto allowed = Allowed("rename", from); !allowed) return allowed;
  if (const auto link = symlinks_.extract(from); !link.empty()) {
    Symlink(link.mapped(), to);
    return {};
  }
  const auto name = names_.find(from);
  if (name == names_.end()) return Failed("rename", from, ENOENT);
  if (from == to) return {};
  auto file = name->second;
  Unlink(to);
  names_.erase(from);
  names_[to] = std::move(file);
  return {};
}

Result<void> MemoryFileSystem::SyncDirectoryOf(const std::string& path) {
  return Allowed("fsync directory of", path);
}

Result<void> MemoryFileSystem::Allowed(std::string_view call, const std::string& path) const {
  const int code = fails ? fails(call) : 0;
  if (code != 0) return Failed(call, path, code);
  return {};
}

std::string MemoryFileSystem::Followed(std::string path) const {
  constexpr int kMostLinks = 40;
  for (int i = 0; i < kMostLinks; ++i) {
    const auto link = symlinks_.find(path);
    if (link == symlinks_.end()) break;
    path = link->second;
  }
  return path;
}

Result<std::shared_ptr<MemoryFile>> MemoryFileSystem::Find(std::string_view call,
                                                           const std::string& path) const {
  if (auto allowed = Allowed(call, path); !allowed) return std::unexpected(allowed.error());
  const auto found = names_.find(Followed(path));
  if (found == names_.end()) return Failed(call, path, ENOENT);
  return found->second;
}

std::shared_ptr<MemoryFile> MemoryFileSystem::Get(const std::string& path) {
  auto& node = names_[Followed(path)];
  if (node == nullptr) {
    node = std::make_shared<MemoryFile>();
    if (inodes == Inodes::kAlwaysNew) node->number = last_number_;
    while (used_.contains(++node->number)) {
    }
    last_number_ = std::max(last_number_, node->number);
    node->used = &used_;
    node->links = 1;
    node->birth_ns = node->modified_ns = now_ns;
    used_.insert(node->number);
  }
  return node;
}

FileStatus MemoryFileSystem::StatusOf(MemoryFile& file) const {
  if (file.content.size() != file.seen_size) {
    file.seen_size = file.content.size();
    file.modified_ns = now_ns;
  }
  return {.device = 1,
          .inode = file.number,
          .size = file.content.size(),
          .birth_ns = births == Births::kTold ? file.birth_ns : 0,
          .modified_ns = file.modified_ns,
          .links = file.links,
          .regular = true};
}

}  // namespace routerate
