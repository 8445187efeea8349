// The query into a request, the snapshot for what it leaves open.
#include "aggregator/hpa_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>

#include "aggregator/printable_word.h"
#include "aggregator/route_hpa.h"
#include "parsers/route_names.h"

namespace routerate {
namespace {

constexpr std::string_view kKeys =
    "namespace, service, route_id (all required), workload, target, min, max";

Result<void> SetNumber(const std::string& key, const std::string& value, std::uint32_t* number) {
  const char* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, *number);
  if (parsed.ec == std::errc{} && parsed.ptr == end) return {};
  return Fail(fmt::format("{} '{}' is not a number of replicas", key, value));
}

Result<void> Set(const std::string& key, const std::string& value, HpaRequest* request) {
  const std::map<std::string_view, std::string*> texts = {{"namespace", &request->name_space},
                                                          {"service", &request->service},
                                                          {"route_id", &request->route_id},
                                                          {"workload", &request->workload},
                                                          {"target", &request->target}};
  if (const auto text = texts.find(key); text != texts.end()) {
    *text->second = value;
    return {};
  }
  if (key == "min") return SetNumber(key, value, &request->min);
  if (key == "max") return SetNumber(key, value, &request->max);
  return Fail(fmt::format("unknown key '{}'; allowed are {}", key, kKeys));
}

Result<HpaRequest> Parse(const std::map<std::string, std::string>& query) {
  HpaRequest request;
  for (const auto& [key, value] : query) {
    if (auto set = Set(key, value, &request); !set) return std::unexpected(std::move(set.error()));
  }
  for (const char* key : {"namespace", "service", "route_id"}) {
    if (!query.contains(key)) return Fail(fmt::format("{}= is missing; keys are {}", key, kKeys));
  }
  if (request.route_id == kOtherRouteId) {
    return Fail("the routes beyond max_routes together are nothing to scale by");
  }
  return request;
}

const ServiceStats* FindService(const StatsSnapshot& snapshot, const HpaRequest& request) {
  const auto found = std::ranges::find_if(snapshot.services, [&](const ServiceStats& service) {
    return service.name_space == request.name_space && service.service == request.service;
  });
  return found == snapshot.services.end() ? nullptr : &*found;
}

}  // namespace

HttpResponse HpaPage(const HttpRequest& request, const StatsSnapshot& snapshot) {
  auto asked = Parse(request.query);
  if (!asked) return Refusal(400, asked.error().message);
  const ServiceStats* service = FindService(snapshot, *asked);
  if (service == nullptr) {
    return Refusal(404, fmt::format("no service {}/{} is known; /stats?by=service lists them",
                                    asked->name_space, asked->service));
  }
  const auto series = std::ranges::find(service->series, asked->route_id, &SeriesStats::route_id);
  if (series == service->series.end()) {
    return Refusal(404, fmt::format("service {}/{} has no route of route_id '{}' now",
                                    asked->name_space, asked->service, asked->route_id));
  }
  if (asked->workload.empty() && service->workloads.size() == 1) {
    asked->workload = service->workloads.front().workload;
  }
  const auto manifest =
      HpaManifestOf(ReadableRoute(series->method, PrintableWord(series->route)), *asked);
  if (!manifest) return Refusal(400, manifest.error().message);
  return {.content_type = "application/yaml", .body = *manifest};
}

}  // namespace routerate
