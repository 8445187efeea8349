// How errors are told apart from everything else.
#include "tests/aggregator/api_world.h"

#include <boost/json.hpp>

namespace routerate {

namespace json = boost::json;

void CheckStatus(const std::string& response, int code, const std::string& words) {
  CHECK_THAT(response, Catch::StartsWith("HTTP/1.1 " + std::to_string(code)));
  CHECK_THAT(response, Catch::Contains("Content-Type: application/json"));
  CHECK_THAT(response, !Catch::Contains("Retry-After", Catch::CaseSensitive::No));
  boost::system::error_code error;
  const auto body = json::parse(response.substr(response.find("\r\n\r\n") + 4), error);
  INFO(response);
  REQUIRE_FALSE(error);
  CHECK(body.at("kind") == "Status");
  CHECK(body.at("code") == code);
  CHECK_THAT(std::string(body.at("message").as_string()), Catch::Contains(words));
}

}  // namespace routerate
