// A whole little log with hostile lines in it, and whether its reader was deceived.
#pragma once

#include <string>
#include <vector>

#include "tests/parsers/hostile_check.h"
#include "tests/parsers/hostile_choices.h"
#include "tests/parsers/hostile_servers.h"

namespace routerate {

struct HostileLog {
  LogDialect dialect;
  LogFormat format = LogFormat::kAuto;  // what its reader is told
  std::vector<HostileLine> lines;
};

// Up to three ordinary lines, from which a reader can learn; up to four in which one text or
// several are hostile; then ordinary ones, which must be read as if nothing had been.
HostileLog MakeHostileLog(Choices* choices, const LogDialect& dialect);

// One ordinary line, a hostile one so often that it looks like the server's way of writing, then
// ordinary ones.
HostileLog MakeFlood(Choices* choices, const LogDialect& dialect);

// Reads the log as one file. Empty, or what was forged, with all that is needed to see why.
std::string ForgeryIn(const HostileLog& log);

}  // namespace routerate
