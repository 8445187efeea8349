// `routerate-aggregator probe URL...`: whether servers answer, for `helm test` and for people in an
// image without a shell.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "aggregator/url_client.h"
#include "base/clock.h"
#include "base/file_system.h"
#include "base/result.h"
#include "base/waiter.h"

namespace routerate {

struct ProbeOptions {
  std::vector<std::string> urls;  // http://HOST[:PORT][/PATH], or https://...
  UrlAccess access;
  Millis timeout{30'000};  // until each has answered 2xx; what was asked before has 5 s more
};

enum class ProbeOutcome { kAllAnswered, kNotAllAnswered };

// GETs each URL again and again until its status is 2xx or time is up. `tell` gets a line a URL as
// it is decided: "200 12 ms URL", "503 3 ms URL: what the body says" or "- URL: what failed". A
// redirect is not followed, and is no 2xx. Fails, and asks nobody, where the options are wrong. A
// signal ends it early.
Result<ProbeOutcome> Probe(FileSystem& files, const Clock& clock, Waiter& waiter,
                           const ProbeOptions& options,
                           const std::function<void(const std::string& line)>& tell);

}  // namespace routerate
