// The Kafka record: anything may be on the topic, and what is written must be what is read.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/event_record.h"
#include "parsers/line_parser.h"
#include "parsers/written_event.h"
#include "tests/fuzz/checked_event.h"
#include "tests/parsers/hostile_choices.h"
#include "tests/parsers/hostile_escapes.h"

namespace routerate {
namespace {

// A line that is read as we write them reads the same when it is not: a key that is nobody's makes
// it any object.
void CheckWrittenLine(std::string_view line) {
  const std::string padded = std::string(line) + std::string(kLinePadding, '\0');
  RecordedEvent written;
  const std::size_t size = ReadWrittenEvent({padded.data(), line.size()}, &written);
  if (size == 0) return;
  const std::string other = "{\"none\":0," + padded.substr(1, size - 1);
  EventReader reader;
  std::size_t events = 0;
  const std::size_t skipped = reader.Read(other, [&](const RecordedEvent& read) {
    ++events;
    Promise(read.offset == written.offset && SameEvent(read.event, written.event),
            "a line is the same event in either reader", line);
  });
  Promise(events == 1 && skipped == 0, "a line that we could have written is an event", line);
}

// Every event of any value can be written again and then reads the same.
void CheckValue(std::string_view value) {
  EventReader reader;
  EventReader again;
  const auto check = [&](const RecordedEvent& seen) {
    CheckEventPromises(seen.event);
    std::string copy;
    AppendEvent(seen.offset, seen.event, &copy);
    std::size_t events = 0;
    const std::size_t skipped = again.Read(copy, [&](const RecordedEvent& read) {
      ++events;
      Promise(read.offset == seen.offset && SameEvent(read.event, seen.event),
              "an event that is written reads the same", copy);
    });
    Promise(events == 1 && skipped == 0, "an event that is written is read", copy);
  };
  const std::size_t skipped = reader.Read(value, check);
  CheckWrittenLine(value);
  Promise(skipped <= value.size(), "a line has a byte at least", value);
}

// "name: value" lines.
void CheckHeaders(std::string_view text) {
  std::vector<std::pair<std::string_view, std::string_view>> pairs;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t colon = std::min(line.find(": "), line.size());
    pairs.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
  }
  const auto headers = DecodeHeaders(pairs);
  if (!headers) {
    Promise(!RecordErrorName(headers.error()).empty(), "an error has a name", "headers");
    return;
  }
  const HeaderPairs encoded = EncodeHeaders(*headers);
  const std::vector<std::pair<std::string_view, std::string_view>> views(encoded.begin(),
                                                                         encoded.end());
  const auto decoded = DecodeHeaders(views);
  Promise(decoded && decoded->kind == headers->kind && decoded->source == headers->source &&
              decoded->file == headers->file && decoded->watermark_ms == headers->watermark_ms &&
              decoded->lines.first == headers->lines.first &&
              decoded->lines.last == headers->lines.last && decoded->pod == headers->pod,
          "headers that are written read the same", headers->source);
  const auto labels = ReadPodLabels(headers->pod.labels);
  if (!labels) return;
  const PodLabelsText written = WritePodLabels(*labels);
  Promise(written.left_out == 0 && ReadPodLabels(written.text) == labels,
          "labels that are read are written, and read the same", headers->pod.labels);
}

// An event that a parser could have made, with any text in it.
void CheckWriting(std::string_view bytes) {
  constexpr std::uint64_t kMost = 999'999'999'999'999;
  Choices choices(bytes);
  std::vector<std::string> texts(8);
  for (std::string& text : texts) text = VisibleUtf8(choices.Bytes(choices.Below(64)));
  const AccessEvent event = {.ts_ms = static_cast<std::int64_t>(choices.Below(kMost)),
                             .method = texts[0],
                             .host = texts[1],
                             .path = texts[2],
                             .query = texts[3],
                             .status = static_cast<int>(100 + choices.Below(900)),
                             .bytes = static_cast<std::int64_t>(choices.Below(kMost)) - 1,
                             .duration_us = static_cast<std::int64_t>(choices.Below(kMost)) - 1,
                             .client = texts[4],
                             .referer = texts[5],
                             .agent = texts[6],
                             .user = texts[7]};
  CheckEventPromises(event);
  std::string record;
  AppendEvent(choices.Below(kMost), event, &record);
  CheckValue(record);
}

}  // namespace
}  // namespace routerate

// The first byte says what the others are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'h':
      routerate::CheckHeaders(rest);
      break;
    case 'w':
      routerate::CheckWriting(rest);
      break;
    default:
      routerate::CheckValue(rest);
      break;
  }
  return 0;
}
