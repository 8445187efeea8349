// The inputs' patterns: which paths they name now, and whose a path is.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/agent_events.h"
#include "agent/agent_options.h"
#include "base/file_system.h"

namespace routerate {

struct InputPath {
  std::size_t input;  // the first whose pattern names it
  std::string path;
};

// Not thread-safe. What cannot be listed, and a pattern that names nothing, is told once until it
// goes well.
class InputPaths {
 public:
  // Borrows all.
  InputPaths(const AgentOptions& options, FileSystem& file_system, AgentEvents& events)
      : options_(options), file_system_(file_system), events_(events) {}

  // Every path once, by input. Compressed files are none of them.
  std::vector<InputPath> List();
  std::optional<std::size_t> InputOf(const std::string& path) const;
  // Where files of the patterns are or may appear; those of patterns with a wildcard in the
  // directory are not among them.
  std::vector<std::string> Directories() const;
  bool HasWildcardDirectory() const;

  // Told once, until a List goes by without.
  void Complain(const Error& error);
  // Since the last List something could not be seen that is likely to be there. What is missing or
  // not allowed is not counted: it may stay so for ever.
  void GoBlind() { blind_ = true; }
  bool blind() const { return blind_; }
  // Likewise something, whatever the reason.
  bool complained() const { return complained_; }

 private:
  const AgentOptions& options_;
  FileSystem& file_system_;
  AgentEvents& events_;
  std::set<std::string> complaints_;
  std::set<std::string> current_complaints_;
  bool blind_ = false;
  bool complained_ = false;
};

}  // namespace routerate
