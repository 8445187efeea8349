// Errors, deliveries and time → what is worth a line.
#include "agent/topic_standing.h"

#include <algorithm>
#include <utility>

namespace routerate {
namespace {

constexpr Millis kFirstPause{1'000};
constexpr Millis kLongestPause{10'000};
constexpr Millis kSizePause{50};  // a smaller record has every chance at once

// How much a trouble asks of people.
int Weight(KafkaErrorClass error_class) {
  switch (error_class) {
    case KafkaErrorClass::kNone:
    case KafkaErrorClass::kTooLarge:
      return 0;
    case KafkaErrorClass::kRetry:
      return 1;
    case KafkaErrorClass::kResend:
      return 2;
    case KafkaErrorClass::kPause:
    case KafkaErrorClass::kConfiguration:
      return 3;
  }
  return 0;
}

}  // namespace

void TopicStanding::Failed(KafkaErrorMeaning meaning, std::string_view why, Millis now) {
  events_.KafkaError(meaning.error_class);
  error_at_ = now;
  Stand(meaning, why, now);
}

void TopicStanding::Stand(KafkaErrorMeaning meaning, std::string_view why, Millis now) {
  const int weight = trouble_ ? Weight(trouble_->meaning.error_class) : 0;
  if (Weight(meaning.error_class) <= weight) return;
  const Millis since = trouble_ ? trouble_->since : now;
  const Millis grace = meaning.error_class == KafkaErrorClass::kRetry ? kGrace : Millis{0};
  // A trouble that turned out worse than it was told is told at once.
  const bool worse = trouble_ && trouble_->told;
  const Millis due = worse ? now : std::max(since + grace, told_at_ + kToldInterval);
  trouble_ = Trouble{meaning, std::string(why), since, due};
}

void TopicStanding::TellWhenDue(Millis now) {
  if (now < trouble_->due) return;
  trouble_->told = true;
  trouble_->due = now + kReminder;
  told_at_ = now;
  events_.KafkaTroubled({topic_, trouble_->meaning.error_class, trouble_->why,
                         trouble_->meaning.remedy, now - trouble_->since});
}

void TopicStanding::Delivered(Millis now) {
  progress_at_ = now;
  restarts_ = 0;
  if (trouble_ && trouble_->told) events_.KafkaRecovered(topic_, now - trouble_->since);
  trouble_.reset();
}

// Some errors librdkafka retries for ever without a word: too few replicas, a broker's full disk.
void TopicStanding::Stepped(std::uint64_t waiting, Millis now) {
  if (std::exchange(waiting_, waiting) == 0) progress_at_ = now;
  const bool nobody_minds = waiting == 0 && trouble_ && !trouble_->told &&
                            trouble_->meaning.error_class == KafkaErrorClass::kRetry;
  if (nobody_minds) trouble_.reset();
  if (waiting > 0 && !trouble_ && now - progress_at_ >= kPatience) {
    Stand({KafkaErrorClass::kRetry,
           "is the topic there? see the brokers' load and disks, and min.insync.replicas"},
          "no record was acknowledged for 30 s", now);
  }
  if (trouble_) TellWhenDue(now);
}

Millis TopicStanding::TakeRestartPause(KafkaErrorClass error_class) {
  if (error_class == KafkaErrorClass::kTooLarge) return kSizePause;
  constexpr std::uint64_t kMostDoublings = 8;
  return std::min(kFirstPause * (1 << std::min(restarts_++, kMostDoublings)), kLongestPause);
}

}  // namespace routerate
