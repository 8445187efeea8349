// Records wait in a queue until their time: to be stored, in order; to be acknowledged, in any.
#include "tests/sim/sim_broker.h"

#include <algorithm>

namespace routerate {
namespace {

constexpr Millis kRestartPause{1000};  // as KafkaProducer's
constexpr std::uint64_t kQueueBytes = 64 << 10;

}  // namespace

std::size_t SimTopic::PartitionOf(std::string_view key) const {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash % partitions_.size();
}

void SimTopic::Store(std::size_t partition, SimRecord record) {
  partitions_[partition].push_back(std::move(record));
  on_stored_(partition, partitions_[partition].back());
}

SimProducer::SimProducer(SimTopic& topic, SimWeather& weather, const Clock& clock,
                         std::mt19937_64& random)
    : topic_(topic), weather_(weather), clock_(clock), random_(random) {}

Millis SimProducer::Latency() {
  constexpr unsigned kUsualMs = 12;
  Millis latency{1 + static_cast<int>(random_() % kUsualMs)};
  if (clock_.Monotonic() < weather_.slow_until) {
    latency += Millis{random_() % static_cast<std::uint64_t>(1 + weather_.slow_by.count())};
  }
  return latency;
}

SendResult SimProducer::TrySend(const std::string& key, const HeaderPairs& headers,
                                std::string_view value, Ticket ticket) {
  const Millis now = clock_.Monotonic();
  if (failed_ || now < weather_.full_until || bytes_ > kQueueBytes) {
    refused_ = true;
    return SendResult::kFull;
  }
  last_store_ = std::max(last_store_, now + Latency());
  Sent sent{topic_.PartitionOf(key),
            {headers, std::string(value), clock_.Wall()},
            ticket,
            last_store_,
            last_store_ + Latency(),
            value.size()};
  if (lose_acks_ > 0) {
    --lose_acks_;
    sent.ack_at = Millis::max();
  }
  bytes_ += sent.bytes;
  sent_.push_back(std::move(sent));
  return SendResult::kSent;
}

void SimProducer::StoreFirst() {
  Sent& sent = sent_[stored_++];
  topic_.Store(sent.partition, std::move(sent.record));
}

void SimProducer::Run() {
  const Millis now = clock_.Monotonic();
  if (weather_.Down(now)) return;
  while (stored_ < sent_.size() && sent_[stored_].store_at <= now) StoreFirst();
  for (std::size_t i = 0; i < stored_; ++i) {
    Sent& sent = sent_[i];
    if (sent.acknowledged || sent.ack_at > now) continue;
    sent.acknowledged = true;
    delivered_.push_back({sent.ticket, sent.bytes});
  }
  while (stored_ > 0 && sent_.front().acknowledged) {
    sent_.pop_front();
    --stored_;
  }
}

Millis SimProducer::NextEvent() const {
  if (failed_) return told_ && !RestartDue() ? restart_at_ : Millis::max();
  Millis next = fail_at_;
  for (std::size_t i = 0; i < sent_.size(); ++i) {
    const Sent& sent = sent_[i];
    if (!sent.acknowledged) next = std::min(next, i < stored_ ? sent.ack_at : sent.store_at);
  }
  return std::max(next, std::min(weather_.down_until, fail_at_));
}

void SimProducer::Poll(DeliveryListener& listener) {
  for (const Delivered& delivered : std::exchange(delivered_, {})) {
    bytes_ -= delivered.bytes;
    listener.OnDelivered(delivered.ticket);
  }
  if (!failed_) return;
  if (!told_) {
    told_ = true;
    restart_at_ = clock_.Monotonic() + kRestartPause;
    listener.OnLost(Loss::kOnTheWay, "simulated");
  } else if (RestartDue()) {
    failed_ = told_ = false;
  }
}

void SimProducer::Fail(std::size_t survivors) {
  fail_at_ = Millis::max();
  lose_acks_ = 0;
  if (failed_) return;
  Die(survivors);
  failed_ = true;
  told_ = false;
}

void SimProducer::Die(std::size_t survivors) {
  while (survivors-- > 0 && stored_ < sent_.size()) StoreFirst();
  sent_.clear();
  stored_ = 0;
  bytes_ = 0;
  for (const Delivered& delivered : delivered_) bytes_ += delivered.bytes;
}

bool SimProducer::AcksLost() const {
  return std::ranges::any_of(sent_, [](const Sent& s) { return s.ack_at == Millis::max(); });
}

}  // namespace routerate
