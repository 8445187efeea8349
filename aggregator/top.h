// `routerate-aggregator top`: the busiest routes of a running aggregator, live in a terminal.
#pragma once

#include <string>

#include "aggregator/url_client.h"
#include "base/clock.h"
#include "base/file_system.h"
#include "base/result.h"
#include "base/waiter.h"

namespace routerate {

struct TopOptions {
  std::string url = "http://localhost:9465";
  UrlAccess access;
  Millis interval{1'000};
  bool once = false;
  // What /overview takes, as it is; empty: not asked.
  std::string name_space;
  std::string service;
  std::string grep;
  std::string sort;
};

// Draws each `interval` until q, Ctrl-C or a signal; once, on standard output, where that is no
// terminal or `once` is set. While the aggregator does not answer, no number is shown, and it is
// asked again. Fails where the options are wrong, which is told by the first answer too.
Result<void> Top(FileSystem& files, Waiter& waiter, const TopOptions& options);

}  // namespace routerate
