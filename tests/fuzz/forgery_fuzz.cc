// Forgery: the fuzzer steers a hostile client of a model server. Its bytes are the decisions which
// server, which texts, and what is in them (tests/parsers/hostile_log.h).
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/checked_event.h"
#include "tests/parsers/hostile_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace routerate;
  static const std::vector<LogDialect> dialects = LogDialects();
  if (size == 0) return 0;
  const LogDialect& dialect = dialects[data[0] % dialects.size()];
  Choices choices(std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1));
  const std::string forgery = ForgeryIn(MakeHostileLog(&choices, dialect));
  Promise(forgery.empty(), "a client's text changes nothing else", forgery);
  return 0;
}
