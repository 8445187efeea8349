// Output is kept back until all of it is known to be right: a half manifest must not be applied.
#include "inject/inject_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/file_system.h"

namespace routerate {
namespace {

constexpr const char* kStandardInput = "-";

Result<std::string> ReadStandardInput() {
  std::string text;
  std::array<char, 64 << 10> buffer;
  std::size_t got = 0;
  while ((got = std::fread(buffer.data(), 1, buffer.size(), stdin)) > 0) {
    text.append(buffer.data(), got);
  }
  if (std::ferror(stdin) != 0) return Fail(fmt::format("standard input: {}", std::strerror(errno)));
  return text;
}

Result<std::string> ReadManifest(const std::string& file) {
  return file == kStandardInput ? ReadStandardInput() : PosixFileSystem().ReadWhole(file);
}

Result<void> Print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) {
    return {};
  }
  return Fail(fmt::format("write: {}", std::strerror(errno)));
}

// Manifests of several files in one stream.
void AppendManifest(const std::string& text, std::string* out) {
  if (!out->empty()) {
    if (!out->ends_with('\n')) *out += '\n';
    if (!text.starts_with("---")) *out += "---\n";
  }
  *out += text;
}

}  // namespace

InjectCommand::InjectCommand(CLI::App& app)
    : command_(app.add_subcommand(
          "inject",
          "add the sidecar to the pods of manifests, and print them; needs neither Kafka nor a\n"
          "cluster")) {
  CLI::App& c = *command_;
  c.add_option("-f,--filename", files_,
               "a manifest, YAML or JSON; - is standard input; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  c.add_flag_callback(
      "--remove", [this] { options_.act = InjectionAct::kRemove; }, "take away what was added");
  c.add_flag_callback(
      "--labelled", [this] { options_.pods = WhichPods::kLabelled; },
      "only pods that say routerate.io/inject");
  c.add_option("--workload", workloads_,
               "only this: shop, or deployments.apps/shop; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  c.add_option("--sidecar", sidecar_,
               "what is added, as the ConfigMap routerate-sidecar holds it under sidecar.yaml")
      ->type_name("FILE");
  c.add_option("--image", image_, "the sidecar's image");
  c.add_option("--brokers", brokers_, "Kafka, \"host:port,host:port\"");
  c.add_flag_callback(
      "--plain", [this] { options_.kind = SidecarKind::kPlain; },
      "a container instead of an init container, for Kubernetes before 1.29");
  WishDefaults& defaults = options_.defaults;
  c.add_option("--format", defaults.format,
               "of pods that do not say: nginx | tomcat | combined | auto")
      ->check(CLI::IsMember({"nginx", "tomcat", "combined", "auto"}));
  c.add_option("--logs", defaults.logs, "... a pattern such as /var/log/nginx/access*.log");
  c.add_option("--service", defaults.service, "... what rates are grouped by");
  c.add_option("--container", defaults.container, "... the container that writes the log");
}

bool InjectCommand::parsed() const { return command_->parsed(); }

Result<void> InjectCommand::ReadDefinition() {
  if (!sidecar_.empty()) {
    const auto text = PosixFileSystem().ReadWhole(sidecar_);
    if (!text) return std::unexpected(text.error());
    auto definition = ReadSidecarDefinition(*text, sidecar_);
    if (!definition) return std::unexpected(definition.error());
    options_.definition = *std::move(definition);
  }
  YamlNode& container = options_.definition.container;
  if (!image_.empty()) container.Own("image") = YamlNode::Text(image_);
  if (!brokers_.empty()) SetVariable(container, "KAFKA_BROKERS", brokers_);
  return {};
}

Result<std::string> InjectCommand::Injected(const std::string& file) {
  const auto text = ReadManifest(file);
  if (!text) return std::unexpected(text.error());
  auto manifest = InjectManifest(*text, options_);
  if (!manifest) {
    return Fail(fmt::format("{}:{}", file == kStandardInput ? "standard input" : file,
                            manifest.error().message));
  }
  report_.insert(report_.end(), manifest->report.begin(), manifest->report.end());
  found_.merge(manifest->found);
  return std::move(manifest->text);
}

Result<void> InjectCommand::CheckFound() const {
  for (const std::string& name : options_.workloads) {
    if (found_.contains(name)) continue;
    return Fail(fmt::format("--workload {}: there is no such workload in what was read", name));
  }
  return {};
}

Result<std::string> InjectCommand::AllInjected() {
  if (auto read = ReadDefinition(); !read) return std::unexpected(read.error());
  options_.workloads.insert(workloads_.begin(), workloads_.end());
  if (files_.empty()) files_.emplace_back(kStandardInput);
  std::string out;
  for (const std::string& file : files_) {
    const auto text = Injected(file);
    if (!text) return text;
    AppendManifest(*text, &out);
  }
  if (auto found = CheckFound(); !found) return std::unexpected(found.error());
  return out;
}

int InjectCommand::Run() {
  const auto text = AllInjected();
  const auto printed = text ? Print(*text) : std::unexpected(text.error());
  if (!printed) {
    fmt::print(stderr, "routerate-agent: {}\n", printed.error().message);
    return 1;
  }
  for (const std::string& line : report_) fmt::print(stderr, "{}\n", line);
  return 0;
}

}  // namespace routerate
