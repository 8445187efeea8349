// Random histories: writes, rotations, outages, losses and crashes in any order, from one seed. In
// the end every line was counted once, or is in the dead-letter topic with its place. SEED=n
// replays one; a failure prints its seed.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "tests/agent/agent_world.h"

using namespace routerate;

namespace {

class History {
 public:
  explicit History(unsigned seed) : random_(seed) {
    world_.options.batch_bytes = 2048;
    world_.options.max_in_flight = 8192;
    world_.options.dead_letter.topic = "rejects";
    world_.Boot();
  }
  void Run() {
    for (int i = 0; i < 200; ++i) Act();
    for (MemoryBroker* topic : {&world_.broker, &world_.dead_letters}) {
      topic->accepts = true;
      topic->acknowledge = SIZE_MAX;
    }
    for (int i = 0; i < 100; ++i) world_.Step(Millis{1001});
  }
  std::set<std::string> written;
  // "-path" for a line not counted, "+path" for one counted once too often.
  std::vector<std::string> Mistakes() const {
    std::map<std::string, int> balance;
    for (const std::string& path : written) --balance[path];
    for (const std::string& path : world_.broker.CountedPaths()) ++balance[path];
    for (const std::string& line : garbage_) --balance[line];
    // A rejected line may be there more than once; its offset tells.
    std::set<std::string> kept;
    for (const auto& record : world_.dead_letters.log) {
      const auto number =
          std::ranges::find(record.pairs, "rr-line", &HeaderPairs::value_type::first);
      kept.insert(record.value + (number == record.pairs.end() ? "?" : number->second));
    }
    for (const std::string& line : kept) ++balance[line];
    std::vector<std::string> mistakes;
    for (const auto& [path, count] : balance) {
      if (count != 0) mistakes.push_back((count < 0 ? "-" : "+") + path);
      if (mistakes.size() == 10) break;  // enough to begin with
    }
    return mistakes;
  }

 private:
  unsigned Pick(unsigned below) { return static_cast<unsigned>(random_() % below); }

  void Write() {
    const std::string path = "/n/" + std::to_string(written.size());
    written.insert(path);
    const std::string line = Line(path);
    const std::size_t cut = Pick(4) == 0 ? Pick(static_cast<unsigned>(line.size())) : line.size();
    *writer_ += line.substr(0, cut);
    if (cut == line.size()) return;
    // A half line is all that is there for a while.
    if (world_.agent != nullptr) world_.Step(Millis{Pick(20)});
    *writer_ += line.substr(cut);
  }
  // Says which line of its file it is.
  void WriteGarbage() {
    std::string line = "garbage " + std::to_string(garbage_.size()) + " in line ";
    *writer_ += line + "\n";
    garbage_.insert(line + std::to_string(std::ranges::count(*writer_, '\n')));
  }
  void Rotate() {
    // The agent has met the file, as it has within a scan's time.
    world_.Step(Millis{1001});
    (void)world_.files.Rename("/logs/a.log", "/logs/old." + std::to_string(++rotations_));
    if (Pick(2) == 0) Write();  // nginx writes on until it is told
    writer_ = world_.files.Writer("/logs/a.log");
  }
  void Crash() {
    world_.Crash(Pick(4));
    if (Pick(2) == 0) Write();
    world_.Boot();
  }
  MemoryBroker& PickTopic() { return Pick(3) == 0 ? world_.dead_letters : world_.broker; }
  void Act() {
    switch (Pick(12)) {
      case 0:
        return Rotate();
      case 1:
        return Crash();
      case 2:
        PickTopic().accepts = Pick(2) == 0;
        return;
      case 3:
        PickTopic().acknowledge = Pick(2) == 0 ? Pick(3) : SIZE_MAX;
        return;
      case 4:
        world_.broker.survivors = Pick(4);
        world_.broker.lose = "test";
        return;
      case 5:
        world_.clock.StepWall(Millis{static_cast<int>(Pick(20'000)) - 10'000});
        return;
      default:
        for (unsigned i = Pick(20); i > 0; --i) Pick(5) == 0 ? WriteGarbage() : Write();
        world_.Step(Millis{Pick(50)});
    }
  }

  std::mt19937 random_;
  World world_;
  std::shared_ptr<std::string> writer_ = world_.files.Writer("/logs/a.log");
  int rotations_ = 0;
  std::set<std::string> garbage_;  // with their line numbers
};

}  // namespace

TEST_CASE("whatever happens, every line is counted exactly once or kept as rejected") {
  const char* given = std::getenv("SEED");
  const unsigned first = given == nullptr ? 1 : static_cast<unsigned>(std::stoul(given));
  const unsigned last = given == nullptr ? 300 : first;
  for (unsigned seed = first; seed <= last; ++seed) {
    INFO("SEED=" << seed);
    History history(seed);
    history.Run();
    REQUIRE(history.Mistakes() == std::vector<std::string>{});
  }
}
