// Answers of the metrics API in one line each.
#include "tests/aggregator/metrics_world.h"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace routerate {

std::string MetricsWorld::Items(const std::string& path,
                                std::map<std::string, std::string> query) const {
  const HttpResponse response = Ask(path, std::move(query));
  CHECK(response.content_type == "application/json");
  const boost::json::object body = boost::json::parse(response.body).as_object();
  if (response.status != 200) {
    CHECK(body.at("kind") == "Status");
    CHECK(body.at("code").as_int64() == response.status);
    return fmt::format("{} {}", response.status, body.at("message").as_string().c_str());
  }
  std::string items;
  for (const boost::json::value& item : body.at("items").as_array()) {
    const boost::json::object& object = item.as_object();
    const auto* described = object.if_contains("describedObject");
    const std::string name = described == nullptr ? "-" : described->at("name").as_string().c_str();
    items += fmt::format("{}{}={}", items.empty() ? "" : " ", name,
                         object.at("value").as_string().c_str());
  }
  return items;
}

}  // namespace routerate
