// The loop's waiting place with real descriptors and signals.
#include "base/waiter.h"

#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

using namespace routerate;

namespace {

constexpr Millis kDeadline{10'000};

struct Watched {
  std::string directory =
      std::filesystem::temp_directory_path() / ("routerate-wait-" + std::to_string(::getpid()));
  std::unique_ptr<Waiter> waiter;

  Watched() {
    std::filesystem::create_directories(directory);
    waiter = Waiter::Create(WatchFiles::kYes).value();
    REQUIRE(waiter->WatchDirectory(directory).has_value());
  }
  ~Watched() { std::filesystem::remove_all(directory); }
};

}  // namespace

TEST_CASE("a new file wakes by its name, a line in it by its content") {
  Watched watched;
  std::ofstream file(watched.directory + "/a.log");
  CHECK(watched.waiter->Wait(kDeadline, WatchFiles::kYes).names);
  file << "x" << std::flush;
  const Wakeup grown = watched.waiter->Wait(kDeadline, WatchFiles::kYes);
  CHECK(grown.contents);
  CHECK_FALSE(grown.names);
}

TEST_CASE("file events wait when they are not heeded") {
  Watched watched;
  std::ofstream file(watched.directory + "/a.log");
  CHECK_FALSE(watched.waiter->Wait(Millis{0}, WatchFiles::kNo).names);
  CHECK(watched.waiter->Wait(kDeadline, WatchFiles::kYes).names);
}

TEST_CASE("a kick and a signal end the wait") {
  Watched watched;
  const std::uint64_t one = 1;
  REQUIRE(::write(watched.waiter->kick_fd(), &one, sizeof one) == sizeof one);
  CHECK(watched.waiter->Wait(kDeadline, WatchFiles::kYes).kicked);
  ::raise(SIGTERM);
  CHECK(watched.waiter->Wait(kDeadline, WatchFiles::kYes).stop);
  ::raise(SIGHUP);
  CHECK(watched.waiter->Wait(kDeadline, WatchFiles::kYes).reload);
}

TEST_CASE("a directory that is not there cannot be watched") {
  Watched watched;
  CHECK(watched.waiter->WatchDirectory("/nonexistent").error().message ==
        "watch /nonexistent: No such file or directory");
}
