// The Kafka record's value: its exact bytes, and that what is written is what is read.
#include "parsers/event_record.h"

#include <catch2/catch.hpp>

#include "parsers/line_parser.h"
#include "parsers/written_event.h"
#include "tests/golden_text.h"
#include "tests/parsers/random_paths.h"

using namespace routerate;

namespace {

const AccessEvent kWhole = {.ts_ms = 1795312800123,
                            .method = "GET",
                            .host = "www.example.com",
                            .path = "/myapp/orders/48213",
                            .query = "x=1",
                            .status = 200,
                            .bytes = 5123,
                            .duration_us = 12000,
                            .client = "192.168.7.31",
                            .referer = "https://www.example.com/",
                            .agent = "curl/8",
                            .user = "alice"};

// As the golden file shows a record: its headers, then its value.
std::string Shown(const RecordHeaders& headers, const std::string& value) {
  std::string text;
  for (const auto& [name, content] : EncodeHeaders(headers)) text += name + ": " + content + "\n";
  return text + value + "\n";
}

std::string HostileEvents() {
  const std::string control = std::string("\0\x01\x1f\x7f", 4) + "\b\f\n\r\t";
  AccessEvent event = kWhole;
  event.path = "/\"quoted\"/back\\slash/<tag>&'/";
  event.agent = control;
  event.referer = "caf\u00e9 \u4e2d\u6587 \U0001F600 \u2028";
  event.user = "corp\\carol";
  std::string value;
  AppendEvent(999'999'999'999'999'999, event, &value);
  AppendEvent(1, {.ts_ms = 1, .bytes = 0, .duration_us = 1}, &value);
  AppendEvent(2, {}, &value);
  return value;
}

bool Same(const AccessEvent& a, const AccessEvent& b) {
  return a.ts_ms == b.ts_ms && a.method == b.method && a.host == b.host && a.path == b.path &&
         a.query == b.query && a.status == b.status && a.bytes == b.bytes &&
         a.duration_us == b.duration_us && a.client == b.client && a.referer == b.referer &&
         a.agent == b.agent && a.user == b.user;
}

struct EventsRead {
  std::size_t events = 0;
  std::size_t skipped = 0;
};

EventsRead ReadEvents(const std::string& value) {
  EventReader reader;
  EventsRead result;
  result.skipped = reader.Read(value, [&](const RecordedEvent&) { ++result.events; });
  return result;
}

}  // namespace

TEST_CASE("the record of each kind is byte for byte what docs/record.md says") {
  std::string events;
  AppendEvent(123456, kWhole, &events);
  const std::string source = "shop/web/web-7c9f";
  CheckGolden("event_record.txt",
              Shown({RecordKind::kEvents, source, "2a-1f-9c", 1795312800123}, events) +
                  Shown({RecordKind::kEvents, source, "2a-1f-9c", 0}, HostileEvents()) +
                  Shown({RecordKind::kHeartbeat, source, "", 1795312801000}, "") +
                  Shown({.kind = RecordKind::kHeartbeat,
                         .source = source,
                         .watermark_ms = 1795312801500,
                         .pod = {"deployments.apps/shop", R"({"app":"shop","tier":"web"})"}},
                        "") +
                  Shown({RecordKind::kGoodbye, source, "", 1795312802000}, ""));
}

TEST_CASE("random events come back as they were") {
  const std::uint64_t seed = TestSeed();
  INFO("SEED=" << seed);
  RandomPaths random(seed);
  std::string bytes = "abc/\"\\";
  for (int c = 0; c < 0x80; ++c) bytes += static_cast<char>(c);
  EventReader reader;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> texts;
    texts.reserve(40);
    for (int i = 0; i < 8 * 5; ++i) {
      texts.push_back(random.Below(3) == 0 ? "" : random.Text(bytes, random.Below(40)) + "é");
    }
    std::vector<RecordedEvent> sent;
    std::string value;
    for (std::size_t i = 0; i + 8 <= texts.size(); i += 8) {
      const auto number = [&] { return static_cast<std::int64_t>(random.Below(1ull << 52)); };
      RecordedEvent recorded;
      recorded.offset = random.Below(999'999'999'999'999'999);
      recorded.event = {number(),
                        texts[i],
                        texts[i + 1],
                        texts[i + 2],
                        texts[i + 3],
                        random.Below(2) == 0 ? 0 : static_cast<int>(100 + random.Below(900)),
                        random.Below(2) == 0 ? -1 : number(),
                        random.Below(2) == 0 ? -1 : number(),
                        texts[i + 4],
                        texts[i + 5],
                        texts[i + 6],
                        texts[i + 7]};
      AppendEvent(recorded.offset, recorded.event, &value);
      sent.push_back(recorded);
    }
    std::size_t index = 0;
    const std::size_t skipped = reader.Read(value, [&](const RecordedEvent& received) {
      REQUIRE(index < sent.size());
      INFO(value);
      REQUIRE(received.offset == sent[index].offset);
      REQUIRE(Same(received.event, sent[index].event));
      ++index;
    });
    CHECK(index == sent.size());
    CHECK(skipped == 0);
  }
}

TEST_CASE("a line that is no event is skipped and counted, those around it are read") {
  std::string good;
  AppendEvent(7, kWhole, &good);
  for (const char* bad :
       {"", "hello", "{}", "[]", "{\"offset\":1}", "{\"ts\":1}", "{\"offset\":-1,\"ts\":1}",
        "{\"offset\":1,\"ts\":1,\"status\":7}", "{\"offset\":1,\"ts\":1,\"path\":\"\\x41\"}",
        "{\"offset\":1,\"ts\":1,\"path\":\"\xFF\"}", "{\"offset\":1,\"ts\":1", "null",
        "{\"offset\":1,\"ts\":1}{}", "{\"offset\":1,\"ts\":\"x\"}"}) {
    INFO(bad);
    const EventsRead result = ReadEvents(good + bad + "\n" + good);
    CHECK(result.events == 2);
    CHECK(result.skipped == 1);
  }
}

TEST_CASE("a value may end without a newline, and may be empty") {
  std::string value;
  AppendEvent(7, kWhole, &value);
  value.pop_back();
  CHECK(ReadEvents(value).events == 1);
  CHECK(ReadEvents("").events == 0);
  CHECK(ReadEvents("").skipped == 0);
}

TEST_CASE("a reader of a later version's event takes what it knows") {
  EventReader reader;
  int seen = 0;
  const std::size_t skipped =
      reader.Read(R"({"new":{"a":[1]},"ts":5,"path":"/a","offset":3,"status":"201"})",
                  [&](const RecordedEvent& recorded) {
                    ++seen;
                    CHECK(recorded.offset == 3);
                    CHECK(recorded.event.ts_ms == 5);
                    CHECK(recorded.event.path == "/a");
                    CHECK(recorded.event.status == 201);
                  });
  CHECK(seen == 1);
  CHECK(skipped == 0);
}

TEST_CASE(
    "a line as we write it is read in one pass, and what is cut or changed is not taken for it") {
  std::string line;
  AppendEvent(7, kWhole, &line);
  const auto read = [](std::string text) {
    const std::size_t size = text.size();
    text.append(kLinePadding, '7');
    RecordedEvent event;
    return ReadWrittenEvent({text.data(), size}, &event);
  };
  CHECK(read(line) == line.size());
  for (std::size_t size = 0; size < line.size(); ++size) CHECK(read(line.substr(0, size)) == 0);
  for (const char* odd : {"\\", "\n", "\x80", "\xC3\xA9"}) {
    std::string changed = line;
    changed.insert(line.find("/myapp") + 3, odd);
    CHECK(read(changed) == 0);
  }
  for (const char* wrong :
       {R"({"offset":01,"ts":5})", R"({"offset":1,"ts":-5})", R"({"offset":1,"ts":5,"status":99})",
        R"({"offset":1,"ts":5,"x":1})", R"({"offset":1,"ts":1234567890123456789})",
        R"({"ts":1,"offset":5})", R"({"offset":1,"ts":5,"duration_ms":1.5})"}) {
    CHECK(read(std::string(wrong) + "\n") == 0);
  }
  CHECK(read("{\"offset\":1,\"ts\":5}\n") == 20);
}
