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
    REQUIRE(waiter->Watch(directory));
  }
  ~Watched() { std::filesystem::remove_all(directory); }

  FileChanges Changes() { return waiter->Wait(kDeadline, WatchFiles::kYes).files; }
};

}  // namespace

TEST_CASE("a new file is told by its directory, a line in it by its name") {
  Watched watched;
  std::ofstream file(watched.directory + "/a.log");
  CHECK(watched.Changes().names);
  file << "x" << std::flush;
  const FileChanges grown = watched.Changes();
  CHECK(grown.contents == std::vector<std::string>{watched.directory + "/a.log"});
  CHECK_FALSE(grown.names);
  CHECK_FALSE(grown.all);
}

TEST_CASE("file events that are not heeded end no wait, and are told when its time is over") {
  Watched watched;
  std::ofstream file(watched.directory + "/a.log");
  const std::uint64_t one = 1;
  REQUIRE(::write(watched.waiter->kick_fd(), &one, sizeof one) == sizeof one);
  const Wakeup kicked = watched.waiter->Wait(Millis{10'000}, WatchFiles::kNo);
  CHECK(kicked.kicked);
  CHECK_FALSE(kicked.files.names);
  CHECK(watched.waiter->Wait(Millis{1}, WatchFiles::kNo).files.names);
  CHECK_FALSE(watched.waiter->Wait(Millis{1}, WatchFiles::kNo).files.names);
}

TEST_CASE("a directory made anew is watched when it is asked for again") {
  Watched watched;
  std::filesystem::remove_all(watched.directory);
  CHECK(watched.Changes().names);
  CHECK_FALSE(watched.waiter->Watch(watched.directory));
  std::filesystem::create_directories(watched.directory);
  REQUIRE(watched.waiter->Watch(watched.directory));
  std::ofstream file(watched.directory + "/a.log");
  CHECK(watched.Changes().names);
}

TEST_CASE("a directory whose name leads elsewhere is told by that name") {
  Watched watched;
  const std::string other = watched.directory + "/other";
  const std::string link = watched.directory + "/link";
  std::filesystem::create_directories(other);
  std::filesystem::create_directory_symlink(watched.directory, link);
  REQUIRE(watched.waiter->Watch(link));
  std::filesystem::remove(link);
  std::filesystem::create_directory_symlink(other, link);
  REQUIRE(watched.waiter->Watch(link));
  REQUIRE(watched.waiter->Watch(watched.directory));
  (void)watched.Changes();
  std::ofstream(other + "/a.log") << "x";
  CHECK(watched.Changes().contents == std::vector<std::string>{link + "/a.log"});
}

TEST_CASE("when the queue overflows all may have changed") {
  Watched watched;
  std::size_t queued = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> queued;
  REQUIRE(queued > 0);
  const std::string names[] = {watched.directory + "/a", watched.directory + "/b"};
  for (const std::string& name : names) std::ofstream{name};
  // Equal events that follow one another are one.
  for (std::size_t i = 0; i <= queued / 2; ++i) {
    for (const std::string& name : names) std::ofstream(name, std::ios::app) << "x";
  }
  CHECK(watched.Changes().all);
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

TEST_CASE("a directory that is not there cannot be watched, nor a file") {
  Watched watched;
  std::ofstream(watched.directory + "/a.log") << "x";
  CHECK_FALSE(watched.waiter->Watch("/nonexistent"));
  CHECK_FALSE(watched.waiter->Watch(watched.directory + "/a.log"));
}
