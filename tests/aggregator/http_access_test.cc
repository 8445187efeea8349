// Who is answered, and how often: requests as values, by a clock that moves when told.
#include "aggregator/http_access.h"

#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>

#include "tests/memory_file_system.h"

namespace routerate {
namespace {

const std::string kToken = "0123456789abcdef";

HttpResponse Answer(const HttpRoute& route, const HttpRequest& request) {
  std::optional<HttpResponse> answer;
  route.Answer(std::make_shared<const HttpRequest>(request),
               [&](HttpResponse response) { answer = std::move(response); });
  REQUIRE(answer);
  return *answer;
}

std::string HeaderOf(const HttpResponse& response, const std::string& name) {
  std::string values;
  for (const HttpHeader& each : response.headers) {
    if (each.name == name) values += (values.empty() ? "" : " | ") + each.value;
  }
  return values;
}

TEST_CASE("health needs no token, and nothing else is told without one") {
  MemoryFileSystem files;
  files.Overwrite("/token", kToken);
  const auto tokens = AccessTokens::Load(files, "/token");
  REQUIRE(tokens);
  const HttpRoute route =
      WithToken(*tokens, [](const HttpRequest&) { return HttpResponse{.body = "page"}; });
  for (const char* path : {"/healthz", "/readyz"})
    CHECK(Answer(route, {.path = path}).status == 200);
  for (const char* path :
       {"/", "/stats", "/metrics", "/none", "/healthz/", "//healthz", "/readyz/x"}) {
    const auto answer = Answer(route, {.path = path});
    CHECK(answer.status == 401);
    CHECK(HeaderOf(answer, "WWW-Authenticate") ==
          "Bearer realm=\"routerate\" | Basic realm=\"routerate\", charset=\"UTF-8\"");
    CHECK_THAT(answer.body, Catch::StartsWith("a token is needed: send Authorization: Bearer"));
  }
  const HttpHeaders right = {{"Authorization", "Bearer " + kToken}};
  CHECK(Answer(route, {.path = "/stats", .headers = right}).body == "page");
  const auto wrong = Answer(route, {.path = "/stats", .headers = {{"Authorization", "Bearer x"}}});
  CHECK(wrong.status == 401);
  CHECK_THAT(HeaderOf(wrong, "WWW-Authenticate"), Catch::Contains("error=\"invalid_token\""));
  CHECK_THAT(wrong.body, Catch::StartsWith("this is not a token of http.token_file"));
}

TEST_CASE("what is no UTF-8 is refused, and nothing of it is quoted") {
  const HttpRoute route =
      WithUtf8([](const HttpRequest& request) { return HttpResponse{.body = request.path}; });
  CHECK(Answer(route, {.path = "/\xC3\xA9", .query = {{"\xE2\x82\xAC", "\xF0\x9F\x98\x80"}}})
            .status == 200);
  for (const std::string bad : {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80"}) {
    for (const HttpRequest& request :
         {HttpRequest{.path = "/" + bad}, HttpRequest{.path = "/", .query = {{bad, ""}}},
          HttpRequest{.path = "/", .query = {{"grep", bad}}}}) {
      const HttpResponse answer = Answer(route, request);
      CHECK(answer.status == 400);
      CHECK(answer.body == "the path and the query must be UTF-8\n");
    }
  }
}

// A page that takes some of the thread's time, behind a limit of ten a second.
struct LimitedPage {
  HttpRoute Page() {
    return [this](const HttpRequest&) {
      clock.Advance(takes);
      return HttpResponse{.stream = HttpStream{.next = [this] {
                            clock.Advance(takes);
                            return std::make_shared<const std::string>("piece");
                          }}};
    };
  }
  HttpResponse Ask(const std::string& client, const std::string& path = "/stats") {
    return Answer(route, {.path = path, .client = client});
  }
  // How many of `asked` requests are answered.
  int Answered(const std::string& client, int asked, const std::string& path = "/stats") {
    int answered = 0;
    for (int i = 0; i < asked; ++i) answered += Ask(client, path).status == 200 ? 1 : 0;
    return answered;
  }

  ManualClock clock{0};
  Millis takes{0};
  HttpRoute route = WithClientLimit(clock, 10, Page());
};

TEST_CASE("a client that asks too often waits, and another does not") {
  LimitedPage page;
  CHECK(page.Answered("10.0.0.1", 99) == 50);
  const HttpResponse refused = page.Ask("10.0.0.1");
  CHECK(refused.status == 429);
  CHECK(HeaderOf(refused, "Retry-After") == "1");
  CHECK_THAT(refused.body, Catch::StartsWith("10.0.0.1 asks too much: more than 10 requests a "));
  CHECK(page.Ask("10.0.0.2").status == 200);
  page.clock.Advance(Millis{1'000});
  CHECK(page.Answered("10.0.0.1", 99) == 10);
}

TEST_CASE("health is always answered, and metrics have a limit of their own") {
  LimitedPage page;
  CHECK(page.Answered("10.0.0.1", 99) == 50);
  CHECK(page.Answered("10.0.0.1", 999, "/healthz") == 999);
  CHECK(page.Answered("10.0.0.1", 999, "/readyz") == 999);
  CHECK(page.Answered("10.0.0.1", 99, "/metrics") == 50);
}

TEST_CASE("an answer that takes long counts as several") {
  LimitedPage page;
  page.takes = Millis{95};  // and gains one token meanwhile, less a twentieth
  CHECK(page.Answered("10.0.0.1", 9) == 3);
  page.takes = Millis{1'000'000};
  CHECK(page.Answered("10.0.0.2", 9) == 1);
  CHECK(HeaderOf(page.Ask("10.0.0.2"), "Retry-After") == "6");  // not for ever
}

TEST_CASE("pieces of a stream are left out where their client has had its share") {
  LimitedPage page;
  const HttpStream stream = *page.Ask("10.0.0.1").stream;
  CHECK(*stream.next() == "piece");
  page.takes = Millis{500};
  CHECK(*stream.next() == "piece");
  CHECK(stream.next()->empty());
  CHECK(page.Ask("10.0.0.1").status == 429);
  page.takes = Millis{0};
  page.clock.Advance(Millis{10'000});
  for (int i = 0; i < 999; ++i) CHECK(*stream.next() == "piece");  // which cost nothing
  CHECK(page.Answered("10.0.0.1", 99) == 50);
}

TEST_CASE("the end of a stream stays its end") {
  const ManualClock clock(0);
  const HttpRoute route = WithClientLimit(clock, 10, [](const HttpRequest&) {
    return HttpResponse{.stream = HttpStream{.next = [] { return nullptr; }}};
  });
  CHECK(Answer(route, {.path = "/stats"}).stream->next() == nullptr);
}

}  // namespace
}  // namespace routerate
