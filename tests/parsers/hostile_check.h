// What a hostile client may never do: change what a line tells of anything but his own text.
#pragma once

#include <set>
#include <string>

#include "parsers/access_event.h"
#include "tests/parsers/hostile_servers.h"

namespace routerate {

// One line of a model server's log.
struct HostileLine {
  SentRequest sent;
  std::string text;
  bool pattern_known = false;   // an ordinary line came before
  bool bareness_known = false;  // ... that only a server which escapes nothing writes
};

// Empty, or the first field of the event that is wrong, as a sentence. A field is right or absent;
// the server's own and the request line are never absent. What is let pass, all of it about texts
// that stand bare:
//
//   - Where nothing was learnt yet, a duration that the pattern does not have: a forged line that
//     comes first looks like a pattern with one.
//   - A text with escapes that JSON would take, while nothing shows that the server escapes
//     nothing: it may be read as JSON.
//   - When one of the texts that only a separator ends (Referer and those behind it) has such a
//     separator in it: any of them may be absent, and the ones with it cut there.
//   - In combined, any text with a backslash; Referer and User-Agent, and a duration that the log
//     does not have, which those two can make up.
std::string WrongField(const LogDialect& dialect, const HostileLine& line,
                       const AccessEvent& event);

}  // namespace routerate
