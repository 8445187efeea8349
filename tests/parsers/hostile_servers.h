// Model servers: each writes a request into its log just as the real one of that format and version
// does, and says what a reader may learn from the line.
#pragma once

#include <string>
#include <vector>

#include "parsers/line_format.h"
#include "tests/parsers/hostile_request.h"

namespace routerate {

// Which of the client's texts stand in the line as they came, quotes and all.
enum class BareParts { kNone, kRequestLine, kAll };

struct TextEnd {
  ClientText text;
  std::string separator;
};

struct LogDialect {
  std::string name;
  LogFormat format;  // what an input of it is configured as, if not auto
  BareParts bare;
  std::string (*write)(const SentRequest& request);
  ToldRequest (*tell)(const SentRequest& request);
  // Of texts that stand bare and have no end of their own, which bytes end them.
  std::vector<TextEnd> ends;
  // Not one of the usual formats: nobody knows its keys before its first lines.
  bool is_usual = true;
};

std::vector<LogDialect> NginxDialects();
std::vector<LogDialect> TomcatDialects();
std::vector<LogDialect> CombinedDialects();
// All of them.
std::vector<LogDialect> LogDialects();

}  // namespace routerate
