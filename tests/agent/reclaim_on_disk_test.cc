// Reclaiming on real file systems: those of /dev/shm and of the temporary directory.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/agent/agent_world.h"

using namespace routerate;

namespace {

// An agent over the machine's files, with a directory of its own in `parent`.
class DiskWorld {
 public:
  explicit DiskWorld(const std::string& parent) {
    std::string pattern = parent + "/routerate-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    options_.source.service = "shop";
    options_.inputs = {{.path = folder_ + "/*.log", .format = LogFormat::kNginx}};
    options_.checkpoint = folder_ + "/checkpoint";
    options_.reclaim = ReclaimMode::kPunch;
    Boot();
  }
  DiskWorld(const DiskWorld&) = delete;
  DiskWorld& operator=(const DiskWorld&) = delete;
  ~DiskWorld() { std::filesystem::remove_all(folder_); }

  // Gone without a word, as by SIGKILL.
  void Boot() {
    agent_.reset();
    agent_ =
        std::make_unique<Agent>(options_, files, watch_, clock_, Sinks{broker, nullptr}, events);
  }
  std::string log() const { return folder_ + "/a.log"; }
  void Write(int lines, const std::string& path) {
    std::ofstream out(path, std::ios::app);
    for (int i = 0; i < lines; ++i) out << Line(fmt::format("/{:07}", written++));
  }
  void Settle() {
    for (int i = 0; i < 10; ++i) {
      clock_.Advance(Millis{1001});
      (void)agent_->Step({.all = true});
    }
  }
  static std::uint64_t BytesOnDisk(const std::string& path) {
    struct stat raw = {};
    REQUIRE(::stat(path.c_str(), &raw) == 0);
    return std::uint64_t(raw.st_blocks) * 512;
  }

  PosixFileSystem files;
  MemoryBroker broker;
  EventLog events;
  int written = 0;

 private:
  std::string folder_;
  AgentOptions options_;
  MemoryWatch watch_;
  ManualClock clock_{1'795'363'184'000};
  std::unique_ptr<Agent> agent_;
};

constexpr int kLines = 50'000;            // of 90 bytes
constexpr std::uint64_t kMost = 2 << 20;  // that stay: the head, a step, a tail

}  // namespace

TEST_CASE("a log on a real disk stays small, every line counted once, through kill and rename") {
  const std::string parent =
      GENERATE(as<std::string>(), "/dev/shm", std::filesystem::temp_directory_path().string());
  const auto type = PosixFileSystem().Type(parent);
  if (!type || !type->punches) {
    WARN(parent << ": a file system that punches no holes: not tested");
    return;
  }
  INFO(parent << ": " << type->name);
  DiskWorld world(parent);
  for (int round = 0; round < 3; ++round) {
    world.Write(kLines, world.log());
    world.Settle();
    CHECK(std::filesystem::file_size(world.log()) > std::uint64_t(round + 1) * kLines * 80);
    CHECK(DiskWorld::BytesOnDisk(world.log()) < kMost);
    world.Boot();
  }
  std::filesystem::rename(world.log(), world.log() + ".1");
  world.Write(kLines, world.log() + ".1");
  world.Write(kLines, world.log());
  world.Settle();
  CHECK(DiskWorld::BytesOnDisk(world.log()) < kMost);
  CHECK(DiskWorld::BytesOnDisk(world.log() + ".1") < kMost);
  CHECK(world.broker.CountedPaths().size() == std::size_t(world.written));
  CHECK(world.events.lost.empty());
}

TEST_CASE("a read-only log is followed and named") {
  if (::geteuid() == 0) return;  // who may write everything
  DiskWorld world("/dev/shm");
  world.Write(kLines, world.log());
  REQUIRE(::chmod(world.log().c_str(), 0444) == 0);
  world.Settle();
  CHECK(world.broker.CountedPaths().size() == kLines);
  CHECK(world.events.reclaimed == 0);
  CHECK(std::ranges::any_of(world.events.lines, [&](const std::string& line) {
    return line.starts_with("reclaim refused: open " + world.log() + ": Permission denied");
  }));
}
