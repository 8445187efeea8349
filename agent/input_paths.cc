// glob(3) for looking, fnmatch(3) for judging a path that was told.
#include "agent/input_paths.h"

#include <fnmatch.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "agent/file_names.h"

namespace routerate {
namespace {

bool HasWildcard(std::string_view pattern) {
  return pattern.find_first_of("*?[") != std::string_view::npos;
}

}  // namespace

std::vector<InputPath> InputPaths::List() {
  complaints_ = std::exchange(current_complaints_, {});
  blind_ = complained_ = false;
  std::vector<InputPath> found;
  std::set<std::string> seen;
  for (std::size_t input = 0; input < options_.inputs.size(); ++input) {
    const std::string& pattern = options_.inputs[input].path;
    auto paths = file_system_.Glob(pattern);
    if (!paths) {
      Complain(paths.error());
      continue;
    }
    for (std::string& path : *paths) {
      if (IsCompressedName(path) || !seen.insert(path).second) continue;
      found.push_back({input, std::move(path)});
    }
    // A pattern that matches nothing is normal between rotations, so it is said once.
    if (paths->empty() && current_complaints_.insert(pattern).second &&
        !complaints_.contains(pattern)) {
      events_.InputEmpty(pattern);
    }
  }
  return found;
}

std::optional<std::size_t> InputPaths::InputOf(const std::string& path) const {
  const auto found = std::ranges::find_if(options_.inputs, [&](const InputOptions& input) {
    return ::fnmatch(input.path.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
  });
  if (found == options_.inputs.end() || IsCompressedName(path)) return std::nullopt;
  return static_cast<std::size_t>(found - options_.inputs.begin());
}

std::vector<std::string> InputPaths::Directories() const {
  std::set<std::string> directories;
  for (const InputOptions& input : options_.inputs) {
    std::string directory = DirectoryOf(input.path);
    if (!HasWildcard(directory)) directories.insert(std::move(directory));
  }
  return {directories.begin(), directories.end()};
}

bool InputPaths::HasWildcardDirectory() const {
  return std::ranges::any_of(options_.inputs, [](const InputOptions& input) {
    return HasWildcard(DirectoryOf(input.path));
  });
}

void InputPaths::Complain(const Error& error) {
  complained_ = true;
  blind_ |= error.code != ENOENT && error.code != EACCES && error.code != EPERM;
  if (!current_complaints_.insert(error.message).second) return;
  if (!complaints_.contains(error.message)) events_.FileFailed(error.message);
}

}  // namespace routerate
