// What the log tells of a file that is read again and again: what is new, and each trouble once.
#pragma once

#include <string>

#include "base/reloaded.h"
#include "base/result.h"

namespace routerate {

class ReloadLog {
 public:
  // `whose` begins each line: "metrics API: "; `what` is "certificate in /etc/tls.crt".
  ReloadLog(std::string whose, std::string what);
  void Tell(const Result<Reloaded>& reloaded);

 private:
  std::string whose_;
  std::string what_;
  std::string trouble_;  // told last
};

}  // namespace routerate
