// Redaction takes nothing from the heap once it has seen lines as long as they come.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "parsers/event_redaction.h"
#include "tests/counted_new.h"

using namespace routerate;

TEST_CASE("redaction allocates nothing after the first events") {
  RedactionRules rules;
  rules.query = {QueryRedaction::Values::kOfNames, {"token", "a name that is longer than most"}};
  rules.user = UserRedaction::kHash;
  rules.client = ClientRedaction::kTruncate;
  EventRedaction redaction(rules);
  const std::string query =
      "a=1&a%20name%20that%20is%20longer%20than%20most=x&token=" + std::string(500, 's') + "&b=2";
  const std::string referer = "https://shop.example/login?" + query;
  const AccessEvent event{.ts_ms = 1,
                          .path = "/a",
                          .query = query,
                          .client = "2001:db8:1:2::3",
                          .referer = referer,
                          .user = "somebody@example.org"};
  redaction.Apply(event);
  const std::uint64_t before = AllocationCount();
  std::size_t bytes = 0;
  for (int i = 0; i < 100; ++i) bytes += redaction.Apply(event).query.size();
  const std::uint64_t after = AllocationCount();
  CHECK(after == before);
  CHECK(bytes > 0);
}
