// What leaves the pod under each rule, and that nothing else is touched.
#include "parsers/event_redaction.h"

#include <simdjson.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "parsers/event_record.h"

using namespace routerate;
using Values = QueryRedaction::Values;

namespace {

AccessEvent FullEvent() {
  return {.ts_ms = 1795363184439,
          .method = "GET",
          .host = "shop.example",
          .path = "/orders",
          .query = "page=2&token=s3cret",
          .status = 200,
          .bytes = 512,
          .duration_us = 12'345,
          .client = "192.168.7.31",
          .referer = "https://shop.example/login?token=s3cret#top",
          .agent = "curl/8",
          .user = "alice"};
}

std::string Shown(const RedactionRules& rules, const AccessEvent& event = FullEvent()) {
  EventRedaction redaction(rules);
  std::string line;
  AppendEvent(0, redaction.Apply(event), &line);
  return line;
}

std::string Query(Values values, std::vector<std::string> names, std::string_view query) {
  RedactionRules rules;
  rules.query = {values, std::move(names)};
  EventRedaction redaction(rules);
  AccessEvent event;
  event.query = query;
  return std::string(redaction.Apply(event).query);
}

std::string Client(ClientRedaction client, std::string_view address) {
  RedactionRules rules;
  rules.client = client;
  EventRedaction redaction(rules);
  AccessEvent event;
  event.client = address;
  return std::string(redaction.Apply(event).client);
}

}  // namespace

TEST_CASE("without rules an event stays as it is") {
  std::string line;
  AppendEvent(0, FullEvent(), &line);
  CHECK(Shown({}) == line);
}

TEST_CASE("fields that are not shipped are left out, time and path never") {
  RedactionRules rules;
  rules.fields = EventFields::Metrics();
  CHECK(Shown(rules) ==
        R"({"offset":0,"ts":1795363184439,"method":"GET","host":"shop.example","path":"/orders",)"
        R"("status":200,"bytes":512,"duration_ms":12.345})"
        "\n");
  rules.fields = EventFields::None();
  CHECK(Shown(rules) == "{\"offset\":0,\"ts\":1795363184439,\"path\":\"/orders\"}\n");
}

TEST_CASE("each field has a name, by which it is shipped alone") {
  for (std::size_t i = 0; i < kEventFieldCount; ++i) {
    const auto field = static_cast<EventField>(i);
    CHECK(EventFieldFromName(EventFieldName(field)) == field);
    RedactionRules rules;
    rules.fields = EventFields::None();
    rules.fields.Add(field);
    const std::string key = "\"" + std::string(EventFieldName(field)) + "\":";
    CHECK_THAT(Shown(rules), Catch::Contains(key));
  }
  CHECK(EventFieldFromName("ts") == std::nullopt);
}

TEST_CASE("query values are replaced by name, and names are kept as they were sent") {
  struct Case {
    std::string query;
    std::string redacted;
  };
  const auto& [query, redacted] =
      GENERATE(Case{"", ""}, Case{"page=2", "page=2"}, Case{"token=s3cret", "token=***"},
               Case{"a=1&token=s3cret&b=2", "a=1&token=***&b=2"},
               Case{"token=one&token=two", "token=***&token=***"},
               Case{"TOKEN=x&%74oken=x&t%6Fk%65n=x&To%4BEN=x",
                    "TOKEN=***&%74oken=***&t%6Fk%65n=***&To%4BEN=***"},
               Case{"token=", "token=***"}, Case{"token", "token"}, Case{"=x", "=x"},
               Case{"token==a=b", "token=***"}, Case{"mytoken=x&tokens=y", "mytoken=x&tokens=y"},
               Case{"api+key=x&api%20key=y&api%2", "api+key=***&api%20key=***&api%2"},
               Case{"a=1;token=s3cret;b=2&c=3", "a=1;token=***&c=3"},
               Case{"token=s3;cret#x?y", "token=***"}, Case{"x?token=s3cret", "x?token=***"},
               Case{"a=b=token=x", "a=b=token=x"}, Case{"&&token=x&", "&&token=***&"},
               Case{"a=%26token=x", "a=%26token=x"}, Case{"%zz=1&%=2&%7", "%zz=1&%=2&%7"});
  CHECK(Query(Values::kOfNames, {"Token", "api key"}, query) == redacted);
}

TEST_CASE("all query values but those of some names are replaced") {
  CHECK(Query(Values::kAllButOfNames, {"page"}, "PAGE=2&q=shoes&flag&page=3;id=9") ==
        "PAGE=2&q=***&flag&page=3;id=***");
  CHECK(Query(Values::kAllButOfNames, {}, "page=2&q=") == "page=***&q=***");
}

TEST_CASE("the referer's query is redacted as the request's is, behind '#' too") {
  RedactionRules rules;
  rules.query = {Values::kOfNames, {"token"}, "-"};
  EventRedaction redaction(rules);
  struct Case {
    std::string referer;
    std::string redacted;
  };
  const auto& [referer, redacted] =
      GENERATE(Case{"", ""}, Case{"https://h/token=x", "https://h/token=x"},
               Case{"https://h/?token=x", "https://h/?token=-"},
               Case{"https://h/p?a=1&token=x#token=y", "https://h/p?a=1&token=-"},
               Case{"https://h/p?a=1#token=y", "https://h/p?a=1#token=-"},
               Case{"https://h/#token=y", "https://h/#token=-"});
  AccessEvent event;
  event.query = "token=q";
  event.referer = referer;
  const AccessEvent out = redaction.Apply(event);
  CHECK(out.referer == redacted);
  CHECK(out.query == "token=-");
}

TEST_CASE("a replacement has nothing that means something in a query or to JSON") {
  for (const char* good : {"", "***", "REDACTED", "<0123456789.ab>"}) {
    CHECK(QueryRedaction::FitsAsReplacement(good));
  }
  for (const char* bad : {"a&b", "a=b", "a;b", "#", "a b", "\n", "\xC3\xA9", "\"", "\\", "%41",
                          "seventeen--bytes!"}) {
    INFO(bad);
    CHECK_FALSE(QueryRedaction::FitsAsReplacement(bad));
  }
}

TEST_CASE("user names are dropped or hashed, equal ones alike") {
  RedactionRules rules;
  rules.user = UserRedaction::kDrop;
  CHECK_THAT(Shown(rules), !Catch::Contains("user") && !Catch::Contains("alice"));
  rules.user = UserRedaction::kHash;
  // The first 16 digits of what sha256sum says of "alice".
  CHECK_THAT(Shown(rules), Catch::Contains(R"("user":"2bd806c97f0e00af")"));
  AccessEvent nobody = FullEvent();
  nobody.user = {};
  CHECK_THAT(Shown(rules, nobody), !Catch::Contains("user"));
  rules.fields = EventFields::Metrics();
  CHECK_THAT(Shown(rules), !Catch::Contains("user"));
}

TEST_CASE("a client's address is cut to /24 or /48, and what is no address is dropped") {
  struct Case {
    std::string address;
    std::string cut;
  };
  const auto& [address, cut] = GENERATE(
      Case{"192.168.7.31", "192.168.7.0"}, Case{"255.255.255.255", "255.255.255.0"},
      Case{"2001:db8:1:2:3:4:5:6", "2001:db8:1::"}, Case{"2001:DB8:AB::1", "2001:db8:ab::"},
      Case{"::1", "::"}, Case{"::ffff:192.168.7.31", "192.168.7.0"},
      Case{"::FFFF:c0a8:071f", "192.168.7.0"}, Case{"0:0:0:0:0:ffff:10.1.2.3", "10.1.2.0"},
      Case{"", ""}, Case{"unix:", ""}, Case{"client.example", ""}, Case{"192.168.7.31:4711", ""},
      Case{"[::1]", ""}, Case{"fe80::1%eth0", ""}, Case{"10.0.0.1, 10.0.0.2", ""},
      Case{"192.168.7", ""}, Case{"192.168.7.310", ""}, Case{std::string(300, '1'), ""});
  CHECK(Client(ClientRedaction::kTruncate, address) == cut);
  CHECK(Client(ClientRedaction::kKeep, address) == address);
  CHECK(Client(ClientRedaction::kDrop, address).empty());
}

// Whatever a client sends, the secret that it sends as `token` does not leave, and what leaves is
// UTF-8.
TEST_CASE("no text around a parameter keeps its value from being replaced (random)") {
  const char* given = std::getenv("SEED");
  const auto seed = given != nullptr ? std::strtoul(given, nullptr, 10) : std::random_device{}();
  std::cout << "SEED=" << seed << "\n";
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  const std::vector<std::string> pieces = {"&", ";", "#", "?",     "=",        "%", "%26",
                                           "a", "+", "/", "t%6fk", "\xC3\xA9", "%", "x=1"};
  const auto text = [&](std::size_t most) {
    std::string out;
    for (std::size_t i = random() % most; i > 0; --i) out += pieces[random() % pieces.size()];
    return out;
  };
  RedactionRules rules;
  rules.query = {Values::kOfNames, {"token"}};
  EventRedaction redaction(rules);
  for (int i = 0; i < 20'000; ++i) {
    const std::string separator = std::string(1, "&;?#"[random() % 4]);
    const std::string query = text(6) + separator + "token=SECRET" + text(6);
    const std::string referer = "https://h/" + text(6) + "?" + query;
    AccessEvent event;
    event.query = query;
    event.referer = referer;
    const AccessEvent out = redaction.Apply(event);
    INFO(query);
    REQUIRE(out.query.find("SECRET") == std::string_view::npos);
    REQUIRE(out.referer.find("SECRET") == std::string_view::npos);
    REQUIRE(simdjson::validate_utf8(out.query));
    REQUIRE(simdjson::validate_utf8(out.referer));
  }
}
