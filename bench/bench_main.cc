// routerate-bench: the command line, then one run of the workloads asked for.
#include <fmt/format.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "bench/aggregator_workloads.h"
#include "bench/log_text.h"
#include "bench/measurement.h"
#include "bench/ondemand_reader.h"
#include "bench/pipeline_workloads.h"
#include "bench/reference_workloads.h"
#include "bench/result_table.h"
#include "bench/route_workloads.h"
#include "bench/series_memory.h"
#include "bench/shipping_floor.h"
#include "bench/snapshot_workloads.h"
#include "bench/summary_workloads.h"

namespace routerate::bench {
namespace {

// A second of an aggregator's traffic has so many events for each line of a log that is parsed.
constexpr std::uint64_t kEventsALine = 16;
// What is known is of so many series at most.
constexpr std::uint64_t kSeriesALine = 2;

struct CommandLine {
  std::vector<std::string> wanted;
  MeasurementOptions measurement;
  std::uint64_t lines = 1 << 16;
  std::string corpora = ROUTERATE_CORPORA_DIR;
};

std::vector<Workload> AllWorkloads(LogTexts* texts, std::uint64_t lines) {
  std::vector<Workload> all;
  const auto append = [&](std::vector<Workload> more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  for (const LogKind& kind : LogKinds()) {
    append(ReferenceWorkloads(kind, texts));
    append(PipelineWorkloads(kind, texts));
  }
  append(RouteWorkloads(lines));
  append(AggregatorWorkloads(lines * kEventsALine));
  append(SummaryWorkloads());
  append(SnapshotWorkloads(lines * kSeriesALine));
  return all;
}

// Those whose name has one of the texts in it; all when nothing is wanted in particular.
std::vector<Workload> Chosen(const std::vector<Workload>& all,
                             const std::vector<std::string>& wanted) {
  std::vector<Workload> chosen;
  for (const Workload& workload : all) {
    const auto fits = [&](const std::string& part) { return workload.name.contains(part); };
    if (wanted.empty() || std::any_of(wanted.begin(), wanted.end(), fits)) {
      chosen.push_back(workload);
    }
  }
  return chosen;
}

void PrintMachine(int rounds) {
  fmt::print("# routerate " ROUTERATE_VERSION ", g++ " __VERSION__
             ", simdjson {}: stage 1 {}, On-Demand generic {}, native {}; {} rounds\n",
             SIMDJSON_STRINGIFY(SIMDJSON_VERSION), simdjson::get_active_implementation()->name(),
             OndemandGeneric().implementation, OndemandNative().implementation, rounds);
}

// 1 if a workload did not understand all that it was given: then its time says nothing.
int ComplainOfMisses(const std::vector<Measured>& results) {
  int status = 0;
  for (const Measured& result : results) {
    if (result.understood == result.lines) continue;
    fmt::print(stderr, "{}: understood {} of {} lines\n", result.name, result.understood,
               result.lines);
    status = 1;
  }
  return status;
}

int List(const std::vector<Workload>& workloads) {
  for (const Workload& workload : workloads) {
    fmt::print("{:<40} {}\n", workload.name, workload.what);
  }
  return 0;
}

int Run(const std::vector<Workload>& workloads, const CommandLine& line) {
  if (workloads.empty()) {
    fmt::print(stderr, "routerate-bench: no workload has such a name; see --list\n");
    return 1;
  }
  int rounds = 0;
  const std::vector<Measured> results = Measure(workloads, line.measurement, &rounds);
  PrintMachine(rounds);
  fmt::print("{}", ResultTable(results));
  return ComplainOfMisses(results);
}

int PrintFloor(const FloorOptions& options) {
  const auto table = ShippingFloorTable(options);
  if (!table) {
    fmt::print(stderr, "routerate-bench: {}\n", table.error().message);
    return 1;
  }
  fmt::print("{}", *table);
  return 0;
}

}  // namespace
}  // namespace routerate::bench

// CLI11 throws when options are declared twice: ours to see at the first start.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  using namespace routerate::bench;
  CLI::App app(
      "Measures parsers and routes beside references, all in one run on one thread.\n"
      "Columns: CPU time a line (median of the rounds, and least), bytes a second, calls of "
      "operator\n"
      "new a line, and the time as a multiple of the baseline's. bench/README.md says what each "
      "is.",
      "routerate-bench");
  CommandLine line;
  bool list = false;
  app.add_flag("--list", list, "print the workloads and what they do");
  bool memory = false;
  app.add_flag("--memory", memory, "print what a series takes in an aggregator's memory instead");
  FloorOptions floor;
  auto* const log =
      app.add_option("--floor", floor.log, "print what shipping this log costs at least instead")
          ->check(CLI::ExistingFile);
  app.add_option("--brokers", floor.brokers, "of --floor: Kafka, host:port,...")->needs(log);
  app.add_option("--topic", floor.topic, "of --floor: a topic that is there")->needs(log);
  app.add_option("--rounds", line.measurement.rounds, "each workload runs so often, at least 3")
      ->capture_default_str();
  app.add_option("--seconds", line.measurement.seconds, "go on for so long instead");
  app.add_option("--lines", line.lines, "lines of each log, lookups of each route workload")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--corpora", line.corpora, "folder of the recorded logs, *.log.gz")
      ->check(CLI::ExistingDirectory);
  app.add_option("workload", line.wanted,
                 "names or parts of names: nginx-ours, split+parse+route; none: all");
  CLI11_PARSE(app, argc, argv);
  if (memory) {
    fmt::print("{}", SeriesMemoryTable());
    return 0;
  }
  if (!floor.log.empty()) return PrintFloor(floor);
  LogTexts texts(line.corpora, line.lines);
  const auto workloads = Chosen(AllWorkloads(&texts, line.lines), line.wanted);
  return list ? List(workloads) : Run(workloads, line);
}
