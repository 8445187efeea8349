// Names and values into rd_kafka_conf_t, one by one, so that a refusal is of one of them.
#include "base/kafka_conf.h"

#include <librdkafka/rdkafka.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace routerate {
namespace {

// librdkafka 2.0.2's main thread sleeps whole milliseconds towards its timers and spins through the
// rest: most of a millisecond each second, which is as much as an idle program may cost. Woken
// late, it has overslept that rest. The broker threads inherit its slack and must not: their
// lingers are of a millisecond. So each gives it back when it opens a socket.
constexpr unsigned long kLateNs = 2'000'000;
constexpr unsigned long kPunctualNs = 50'000;  // Linux' default

int OpenSocket(int domain, int type, int protocol, void*) {
  ::prctl(PR_SET_TIMERSLACK, kPunctualNs, 0, 0, 0);
  return ::socket(domain, type | SOCK_CLOEXEC, protocol);
}

// Threads begun while it lives may be late; the caller is not, afterwards.
class LateThreads {
 public:
  LateThreads() : before_(::prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0)) {
    ::prctl(PR_SET_TIMERSLACK, kLateNs, 0, 0, 0);
  }
  ~LateThreads() { ::prctl(PR_SET_TIMERSLACK, static_cast<unsigned long>(before_), 0, 0, 0); }
  LateThreads(const LateThreads&) = delete;
  LateThreads& operator=(const LateThreads&) = delete;

 private:
  int before_;
};

}  // namespace

void KafkaConfDeleter::operator()(rd_kafka_conf_s* conf) const { rd_kafka_conf_destroy(conf); }

Result<KafkaConf> MakeKafkaConf(const KafkaSettings& settings) {
  KafkaConf conf(rd_kafka_conf_new());
  std::array<char, 512> why = {};
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), why.data(), why.size()) !=
        RD_KAFKA_CONF_OK) {
      return Fail(why.data());
    }
  }
  return conf;
}

void KafkaProducerDeleter::operator()(rd_kafka_s* producer) const {
  rd_kafka_purge(producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_destroy(producer);
}

Result<KafkaProducerHandle> NewKafkaProducer(KafkaConf conf) {
  rd_kafka_conf_set_socket_cb(conf.get(), OpenSocket);
  const LateThreads late;
  std::array<char, 512> why = {};
  rd_kafka_t* producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), why.data(), why.size());
  if (producer == nullptr) return Fail(why.data());
  (void)conf.release();  // the producer's now
  return KafkaProducerHandle(producer);
}

Result<void> CheckKafkaProperty(const std::string& name, const std::string& value,
                                std::span<const std::string_view> ours) {
  if (std::ranges::find(ours, name) != ours.end()) {
    return Fail("is set by routerate and cannot be changed");
  }
  auto conf = MakeKafkaConf({{name, value}});
  if (!conf) return std::unexpected(std::move(conf.error()));
  return {};
}

}  // namespace routerate
