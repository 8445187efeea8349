// A file system in memory: inodes with content, names that lead to them, handles that keep a
// removed file alive. Inode numbers of removed files are used again, the lowest first, as ext4
// does.
#pragma once

#include <fnmatch.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/file_system.h"

namespace routerate {

class MemoryFileSystem final : public FileSystem {
 public:
  // What a writer and logrotate do.
  void Append(const std::string& path, std::string_view text) { Get(path)->content += text; }
  void Truncate(const std::string& path) { Get(path)->content.clear(); }
  void Overwrite(const std::string& path, std::string text) {
    Get(path)->content = std::move(text);
  }
  void Rename(const std::string& from, const std::string& to) {
    auto node = names_.at(from);
    names_.erase(from);
    names_[to] = std::move(node);
  }
  void Remove(const std::string& path) { names_.erase(path); }
  std::uint64_t Inode(const std::string& path) const { return names_.at(path)->number; }
  // The file's writer goes on whatever its name becomes.
  std::shared_ptr<std::string> Writer(const std::string& path) {
    auto node = Get(path);
    return {node, &node->content};
  }

  // Faults: opening such a path fails with this errno; so does every replacement.
  std::map<std::string, int> open_fails;
  int replace_fails = 0;

  Result<std::unique_ptr<File>> Open(const std::string& path) override {
    if (const auto fault = open_fails.find(path); fault != open_fails.end()) {
      return Failed("open", path, fault->second);
    }
    const auto found = names_.find(path);
    if (found == names_.end()) return Failed("open", path, ENOENT);
    return std::make_unique<Handle>(found->second);
  }
  Result<FileStatus> Status(const std::string& path) override {
    const auto found = names_.find(path);
    if (found == names_.end()) return Failed("stat", path, ENOENT);
    return found->second->Status();
  }
  Result<std::vector<std::string>> Glob(const std::string& pattern) override {
    std::vector<std::string> paths;
    for (const auto& [path, node] : names_) {
      if (::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0) paths.push_back(path);
    }
    return paths;
  }
  Result<std::string> ReadWhole(const std::string& path) override {
    const auto found = names_.find(path);
    if (found == names_.end()) return Failed("open", path, ENOENT);
    return found->second->content;
  }
  Result<void> Replace(const std::string& path, std::string_view content) override {
    if (replace_fails != 0) return Failed("write", path, replace_fails);
    if (const auto old = names_.find(path); old != names_.end()) {
      names_[path + ".previous"] = old->second;
      names_.erase(path);
    }
    Append(path, content);
    return {};
  }

 private:
  struct Node {
    std::uint64_t number = 0;
    std::string content;
    std::set<std::uint64_t>* used = nullptr;
    ~Node() { used->erase(number); }
    FileStatus Status() const {
      return {.device = 1, .inode = number, .size = content.size(), .links = 1, .regular = true};
    }
  };
  class Handle final : public File {
   public:
    explicit Handle(std::shared_ptr<Node> node) : node_(std::move(node)) {}
    Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> out) override {
      if (offset >= node_->content.size()) return 0;
      return node_->content.copy(out.data(), out.size(), offset);
    }
    Result<FileStatus> Status() override { return node_->Status(); }

   private:
    std::shared_ptr<Node> node_;
  };

  static std::unexpected<Error> Failed(std::string_view tried, const std::string& path, int code) {
    return Fail(std::string(tried) + " " + path + ": " + std::strerror(code), code);
  }
  std::shared_ptr<Node> Get(const std::string& path) {
    auto& node = names_[path];
    if (node == nullptr) {
      node = std::make_shared<Node>();
      while (used_.contains(++node->number)) {
      }
      node->used = &used_;
      used_.insert(node->number);
    }
    return node;
  }

  std::set<std::uint64_t> used_;  // before names_: nodes unregister when they go
  std::map<std::string, std::shared_ptr<Node>> names_;
};

}  // namespace routerate
