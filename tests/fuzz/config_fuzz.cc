// The three configuration files: a wrong one is told by file and line, whatever is in it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/agent_options.h"
#include "aggregator/aggregator_options.h"
#include "aggregator/routes_file.h"
#include "tests/fuzz/checked_event.h"
#include "tests/memory_file_system.h"

namespace routerate {
namespace {

// In place of librdkafka's own judgement.
Result<void> CheckProperty(const std::string& name, const std::string& value) {
  if (name.size() > value.size()) return Fail("is refused");
  return {};
}

// What a reader of the file says: a mistake, or what is in force.
struct Reader {
  const char* file;
  Result<std::string> (*read)(FileSystem& files, const std::string& path);
};

Result<std::string> ReadAgent(FileSystem& files, const std::string& path) {
  const auto options = LoadAgentOptions(files, path, CheckProperty);
  if (!options) return std::unexpected(options.error());
  for (std::size_t i = 0; i < options->inputs.size(); ++i) {
    const std::string source = options->Source(i);
    Promise(std::ranges::count(source, '/') == 2, "a source has three parts", source);
  }
  return ShowAgentOptions(*options);
}

Result<std::string> ReadAggregator(FileSystem& files, const std::string& path) {
  const auto options = LoadAggregatorOptions(files, path, BrokerChoice::kEmbedded, CheckProperty);
  if (!options) return std::unexpected(options.error());
  return ShowAggregatorOptions(*options);
}

Result<std::string> ReadRoutes(FileSystem& files, const std::string& path) {
  auto routes = LoadRoutes(files, path);
  if (!routes) return std::unexpected(routes.error());
  return std::string(routes->Match("GET", "shop.example.com", "/orders/1").route);
}

constexpr Reader kReaders[] = {
    {"agent.yaml", ReadAgent}, {"aggregator.yaml", ReadAggregator}, {"routes.yaml", ReadRoutes}};

// "agent.yaml:7: what is wrong", in one line.
bool IsTold(std::string_view message, std::string_view file) {
  if (!message.starts_with(file) || message.find('\n') != std::string_view::npos) return false;
  message.remove_prefix(file.size());
  const std::size_t digits = message.find_first_not_of("0123456789", 1);
  return message.starts_with(':') && digits > 1 && digits != std::string_view::npos &&
         message.substr(digits).starts_with(": ");
}

void CheckFile(const Reader& reader, std::string_view text) {
  MemoryFileSystem files;
  files.Append(reader.file, text);
  const auto said = reader.read(files, reader.file);
  const auto again = reader.read(files, reader.file);
  const bool same = said.has_value() == again.has_value() &&
                    (said ? *said == *again : said.error().message == again.error().message);
  const std::string text_said = said ? *said : said.error().message;
  Promise(same, "a file has one meaning", text_said);
  Promise(said || IsTold(text_said, reader.file), "a mistake is one line with its place",
          text_said);
}

}  // namespace
}  // namespace routerate

// The first byte says which file the others are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto& reader = routerate::kReaders[data[0] % std::size(routerate::kReaders)];
  routerate::CheckFile(reader, {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
