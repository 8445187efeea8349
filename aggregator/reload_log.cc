// A trouble that lasts is one line, however often the file is looked at.
#include "aggregator/reload_log.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace routerate {

ReloadLog::ReloadLog(std::string whose, std::string what)
    : whose_(std::move(whose)), what_(std::move(what)) {}

void ReloadLog::Tell(const Result<Reloaded>& reloaded) {
  if (!reloaded) {
    if (std::exchange(trouble_, reloaded.error().message) == trouble_) return;
    return spdlog::error("{}{}; the one before stays in force", whose_, trouble_);
  }
  trouble_.clear();
  if (*reloaded == Reloaded::kNew) spdlog::info("{}the new {} is in force", whose_, what_);
}

}  // namespace routerate
