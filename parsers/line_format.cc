// Formats' names, and the user's keys laid over the built-in ones.
#include "parsers/line_format.h"

#include <array>
#include <cstddef>
#include <utility>

#include "base/check.h"
#include "parsers/nginx_json.h"
#include "parsers/tomcat_json.h"

namespace routerate {
namespace {

constexpr std::array<std::string_view, 4> kFormatNames = {"auto", "nginx", "tomcat", "combined"};

}  // namespace

std::optional<LogFormat> LogFormatFromName(std::string_view name) {
  for (std::size_t i = 0; i < kFormatNames.size(); ++i) {
    if (name == kFormatNames[i]) return static_cast<LogFormat>(i);
  }
  return std::nullopt;
}

std::string_view LogFormatName(LogFormat format) {
  return kFormatNames[static_cast<std::size_t>(format)];
}

LineFormat::LineFormat(LogFormat format, KeyMapping keys)
    : format_(format),
      mapping_(std::move(keys)),
      nginx_keys_(NginxKeys()),
      tomcat_keys_(TomcatKeys()),
      tomcat_valve_keys_(TomcatValveKeys()) {
  RR_CHECK(mapping_.size() <= kMostMappedKeys);
  for (const auto& [key, field] : mapping_) {
    RR_CHECK(!key.empty());
    nginx_keys_.Set({key, field});
    tomcat_keys_.Set({key, field});
    tomcat_valve_keys_.Set({key, field});
  }
}

const LineFormat& LineFormat::Of(LogFormat format) {
  static const LineFormat formats[] = {LineFormat(LogFormat::kAuto), LineFormat(LogFormat::kNginx),
                                       LineFormat(LogFormat::kTomcat),
                                       LineFormat(LogFormat::kCombined)};
  return formats[static_cast<std::size_t>(format)];
}

}  // namespace routerate
