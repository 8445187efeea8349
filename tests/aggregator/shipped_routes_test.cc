// configs/routes.yaml, the example people start from: it does what its comments say.
#include <catch2/catch.hpp>

#include "aggregator/routes_file.h"
#include "base/file_system.h"

namespace routerate {

TEST_CASE("the shipped routes.yaml counts requests as its comments say") {
  PosixFileSystem files;
  auto matcher = LoadRoutes(files, ROUTERATE_TESTS_DIR "/../configs/routes.yaml");
  if (!matcher) FAIL(matcher.error().message);
  struct Case {
    std::string method;
    std::string host;
    std::string path;
    std::string route;
    std::string name;
  };
  const std::vector<Case> kCases = {
      {"GET", "", "/orders/48213", "/orders/{id}", ""},
      {"POST", "", "/checkout/pay/card", "/checkout/**", "checkout"},
      {"POST", "", "/cart/7/items", "/cart/{cart}/items", "cart-writes"},
      {"GET", "", "/cart/7/items", "/cart/{id}/items", ""},
      {"GET", "", "/products/ABC-1", "/products/{sku}", "product-page"},
      {"GET", "", "/products/new", "/products/new", ""},
      {"GET", "shop.example.com", "/search", "/search", "search-shop"},
      {"GET", "API.example.com", "/search", "/search", "search-api"},
      {"GET", "example.com", "/search", "/search", ""},
      {"GET", "", "/static/css/app.css", "/static/**", "static"},
      {"GET", "", "/fonts/roboto.woff2", "/fonts/*.woff2", "fonts"},
      {"GET", "", "/de/help;jsessionid=1/x", "help", "help"},
      {"GET", "", "/healthz", "probes", "probes"},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.method, c.host, c.path);
    const RouteMatch match = matcher->Match(c.method, c.host, c.path);
    CHECK(match.route == c.route);
    CHECK(match.name == c.name);
  }
}

}  // namespace routerate
