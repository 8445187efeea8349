// The Catch2 runner that every test program shares. As a program does, it sets up the log before
// there are threads: librdkafka's log too, and the thread sanitizer does not see that spdlog's
// library makes its logger safely in whichever of them comes first.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "base/logging.h"

int main(int argc, char** argv) {
  if (!routerate::SetUpLogging("tests", "info")) return 1;
  return Catch::Session().run(argc, argv);
}
