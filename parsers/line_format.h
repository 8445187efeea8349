// LineFormat: how an input's lines are to be read: the server's format, and what keys of the user's
// own mean.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/key_table.h"
#include "parsers/log_field.h"

namespace routerate {

enum class LogFormat { kAuto, kNginx, kTomcat, kCombined };

// "auto", "nginx", "tomcat", "combined"; nullopt for any other name.
std::optional<LogFormat> LogFormatFromName(std::string_view name);
std::string_view LogFormatName(LogFormat format);

// The user's keys, by name. They are laid over the built-in ones; kNone makes a key meaningless.
// At most kMostMappedKeys, none empty.
using KeyMapping = std::map<std::string, LogField, std::less<>>;
inline constexpr std::size_t kMostMappedKeys = 32;

// Built once an input; the parsers of its files borrow it. Never changes.
class LineFormat {
 public:
  explicit LineFormat(LogFormat format, KeyMapping keys = {});
  LineFormat(const LineFormat&) = delete;
  LineFormat& operator=(const LineFormat&) = delete;

  // A format without keys of the user's; lives for ever.
  static const LineFormat& Of(LogFormat format);

  LogFormat format() const { return format_; }
  const KeyTable& nginx_keys() const { return nginx_keys_; }
  const KeyTable& tomcat_keys() const { return tomcat_keys_; }
  const KeyTable& tomcat_valve_keys() const { return tomcat_valve_keys_; }

 private:
  LogFormat format_;
  KeyMapping mapping_;  // owns the texts that the tables point into
  KeyTable nginx_keys_;
  KeyTable tomcat_keys_;
  KeyTable tomcat_valve_keys_;
};

}  // namespace routerate
