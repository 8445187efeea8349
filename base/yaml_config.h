// Reads a YAML configuration field by field. ${VAR} and ${VAR:-default} are replaced in values,
// after the YAML was parsed, so that an environment variable can hold any text and never adds
// structure.
//
//   auto file = YamlConfig::Load(file_system, "agent.yaml");
//   ConfigNode root = file->root();
//   root.Read("listen", &options.listen);
//   for (ConfigNode& input : root.List("inputs")) input.Read("path", &path, Need::kRequired);
//   if (auto done = file->Finish(); !done) ...   // the first mistake, unknown keys among them
//
// A mistake is one line: "agent.yaml:7: inputs[0].format: 'ngnix' is not one of auto, nginx, ...".
// Reading goes on after a mistake (fields keep their defaults), so the readers need no checks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"

namespace routerate {

// Whether a key and its text will do; the failure says what is wrong, without naming the key.
using PairCheck = std::function<Result<void>(const std::string& key, const std::string& text)>;

enum class Need { kOptional, kRequired };

class YamlConfig;

// A map (or a list's element) of the file. Borrows the YamlConfig, which must outlive it. Every
// Read leaves *out alone when the key is absent.
class ConfigNode {
 public:
  void Read(const std::string& key, std::string* out, Need need = Need::kOptional);
  void Read(const std::string& key, std::vector<std::string>* out);  // a list of texts, or one text
  void Read(const std::string& key, bool* out);                      // true | false
  void ReadBytes(const std::string& key, std::uint64_t* out, std::uint64_t least,
                 std::uint64_t most);
  void ReadCount(const std::string& key, std::uint64_t* out, std::uint64_t least,
                 std::uint64_t most);
  void ReadNumber(const std::string& key, double* out, double least, double most);
  void ReadDuration(const std::string& key, std::chrono::milliseconds* out,
                    std::chrono::milliseconds least, std::chrono::milliseconds most);
  // *out becomes the index of the text in `choices`.
  void ReadChoice(const std::string& key, const std::vector<std::string>& choices,
                  std::size_t* out);
  // Keys of the user's own choosing, with text values (librdkafka properties, say). What `check`
  // refuses is a mistake at its line.
  void ReadMap(const std::string& key, std::map<std::string, std::string>* out,
               const PairCheck& check);
  ConfigNode Map(const std::string& key);                // an empty node when absent
  std::vector<ConfigNode> List(const std::string& key);  // of maps; empty when absent
  bool Has(const std::string& key) const;
  int line() const;

  // Reports `what` at this node, or at its key.
  void Reject(const std::string& what);
  void Reject(const std::string& key, const std::string& what);

 private:
  friend class YamlConfig;
  struct State;
  explicit ConfigNode(State* state) : state_(state) {}
  State* state_;  // owned by the YamlConfig
};

class YamlConfig {
 public:
  struct State;

  ~YamlConfig();
  YamlConfig(YamlConfig&&) noexcept;
  YamlConfig& operator=(YamlConfig&&) noexcept;

  // Fails when the file cannot be read, is not YAML, or is not a map.
  static Result<YamlConfig> Load(FileSystem& file_system, const std::string& path);
  static Result<YamlConfig> Parse(const std::string& text, const std::string& name);

  ConfigNode root();
  // The first mistake by line, or success. Keys that nobody read are mistakes.
  Result<void> Finish();

 private:
  explicit YamlConfig(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace routerate
