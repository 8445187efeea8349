// Log → memory → events → records, of which only what stands in the table is timed.
#include "bench/shipping_floor.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/send_window.h"
#include "base/check.h"
#include "base/file_system.h"
#include "base/kafka_conf.h"
#include "bench/log_text.h"
#include "bench/ondemand_reader.h"
#include "parsers/event_record.h"
#include "parsers/event_redaction.h"
#include "parsers/line_parser.h"

namespace routerate::bench {
namespace {

constexpr std::size_t kBlock = 256 << 10;   // as ReadBuffer's
constexpr std::size_t kRecord = 128 << 10;  // as batch_bytes is by default
constexpr int kRounds = 3;

volatile std::uint64_t kept_checksum = 0;

double ProcessSeconds() {
  timespec now{};
  RR_CHECK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// The least of the rounds; the first failure ends them.
template <typename Part>
Result<double> LeastSeconds(Part part) {
  double least = std::numeric_limits<double>::max();
  for (int round = 0; round < kRounds; ++round) {
    const double begin = ProcessSeconds();
    if (auto done = part(); !done) return std::unexpected(std::move(done.error()));
    least = std::min(least, ProcessSeconds() - begin);
  }
  return least;
}

Result<void> ReadInBlocks(const std::string& path) {
  auto file = PosixFileSystem().Open(path);
  if (!file) return std::unexpected(std::move(file.error()));
  std::array<char, kBlock> block;
  for (std::uint64_t offset = 0;;) {
    const auto got = (*file)->ReadAt(offset, block);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) return {};
    offset += *got;
  }
}

std::vector<std::string> RecordsOf(std::string_view text, EventFields fields) {
  const LineFormat& format = LineFormat::Of(LogFormat::kNginx);
  LineParser parser(format);
  EventRedaction redaction({.fields = fields});
  std::vector<std::string> records(1);
  ForEachLine(text, [&](std::string_view line) {
    const auto event = parser.Parse(line);
    if (!event) return;
    if (records.back().size() >= kRecord) records.emplace_back();
    const auto offset = static_cast<std::uint64_t>(line.data() - text.data());
    AppendEvent(offset, redaction.Apply(*event), &records.back());
  });
  return records;
}

class Sender {
 public:
  static Result<Sender> Create(const FloorOptions& options) {
    auto conf = MakeKafkaConf({{"bootstrap.servers", options.brokers},
                               {"enable.idempotence", "true"},
                               {"compression.type", "lz4"},
                               {"linger.ms", "1"}});
    if (!conf) return std::unexpected(std::move(conf.error()));
    // Without a report there is nothing for which poll would end early.
    rd_kafka_conf_set_dr_msg_cb(conf->get(), [](rd_kafka_t*, const rd_kafka_message_t*, void*) {});
    auto producer = NewKafkaProducer(std::move(*conf));
    if (!producer) return std::unexpected(std::move(producer.error()));
    return Sender(std::move(*producer), options.topic);
  }

  Result<void> Send(const std::vector<std::string>& records) {
    constexpr int kFlushMs = 60'000;
    constexpr int kPollMs = 1'000;
    constexpr int kMostWaiting = SendWindow::kRecords;
    for (const std::string& record : records) {
      const auto error = rd_kafka_producev(
          producer_.get(), RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_KEY("bench/floor", 11),
          RD_KAFKA_V_VALUE(const_cast<char*>(record.data()), record.size()),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
      if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Fail(rd_kafka_err2str(error));
      while (rd_kafka_outq_len(producer_.get()) >= kMostWaiting) {
        rd_kafka_poll(producer_.get(), kPollMs);
      }
    }
    const auto error = rd_kafka_flush(producer_.get(), kFlushMs);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    return Fail(fmt::format("{} is not acknowledged: {}", topic_, rd_kafka_err2str(error)));
  }

 private:
  Sender(KafkaProducerHandle producer, std::string topic)
      : producer_(std::move(producer)), topic_(std::move(topic)) {}

  KafkaProducerHandle producer_;
  std::string topic_;
};

}  // namespace

Result<std::string> ShippingFloorTable(const FloorOptions& options) {
  auto bytes = PosixFileSystem().ReadWhole(options.log);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  const auto lines = static_cast<std::uint64_t>(std::ranges::count(*bytes, '\n'));
  if (lines == 0) return Fail(options.log + ": no lines");
  const LogText log(*std::move(bytes), lines);
  auto sender = Sender::Create(options);
  if (!sender) return std::unexpected(std::move(sender.error()));
  const auto all = RecordsOf(log.text(), EventFields::All());
  const auto metrics = RecordsOf(log.text(), EventFields::Metrics());

  const auto find_newlines = [&]() -> Result<void> {
    ForEachLine(log.text(),
                [](std::string_view line) { kept_checksum = kept_checksum + line.size(); });
    return {};
  };
  const auto read_json = [&]() -> Result<void> {
    const Pass pass = OndemandGeneric().read(LogLayout::kNginxOurs, log.text());
    if (pass.understood == lines) return {};
    return Fail(fmt::format("{}: {} of {} lines are of configs/nginx/access_json.conf", options.log,
                            pass.understood, lines));
  };
  const std::pair<std::string_view, Result<double>> parts[] = {
      {"read", LeastSeconds([&] { return ReadInBlocks(options.log); })},
      {"newlines", LeastSeconds(find_newlines)},
      {"on_demand", LeastSeconds(read_json)},
      {"send", LeastSeconds([&] { return sender->Send(all); })},
      {"send_metrics", LeastSeconds([&] { return sender->Send(metrics); })}};
  std::string table;
  for (const auto& [name, seconds] : parts) {
    if (!seconds) return std::unexpected(seconds.error());
    table += fmt::format("{:<14}{:.3f}\n", name, *seconds * 1e6 / static_cast<double>(lines));
  }
  return table;
}

}  // namespace routerate::bench
