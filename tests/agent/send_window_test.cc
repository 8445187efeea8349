// How many records librdkafka is given, over time.
#include "agent/send_window.h"

#include <catch2/catch.hpp>

using namespace routerate;

namespace {

// As many as there is room for at `now`, at most `most`.
std::uint64_t Fill(SendWindow* window, std::uint64_t bytes, Millis now, std::uint64_t most) {
  std::uint64_t sent = 0;
  for (; sent < most && window->HasRoom(bytes, now); ++sent) window->Sent(bytes, now);
  return sent;
}

}  // namespace

TEST_CASE("records that come one by one are held up to five, until one is answered") {
  SendWindow window;
  std::uint64_t sent = 0;
  for (int i = 0; i < 10; ++i) sent += Fill(&window, 100, Millis{i}, 1);
  CHECK(sent == SendWindow::kRecords);
  CHECK(window.held() == SendWindow::kRecords);
  CHECK_FALSE(window.HasRoomForOne());
  window.Answered();
  CHECK(Fill(&window, 100, Millis{20}, 10) == 1);
}

TEST_CASE("records of one millisecond go together when none was held, up to a request's size") {
  SendWindow window;
  CHECK(Fill(&window, 1000 - SendWindow::kRecordOverhead, Millis{1}, 10'000) == 900);
  CHECK(Fill(&window, 1, Millis{2}, 1) == 0);
  for (int i = 0; i < 896; ++i) window.Answered();
  CHECK(Fill(&window, 1, Millis{2}, 10) == 1);
  for (int i = 0; i < 5; ++i) window.Answered();
  CHECK(Fill(&window, 128 << 10, Millis{3}, 100) == 6);
}
