// Static answers, each with what a browser must know of it.
#include "aggregator/dashboard_files.h"

#include <algorithm>
#include <string>

namespace routerate {
namespace {

const std::string kFolder = "/dashboard/";

std::string TypeOf(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "text/html; charset=utf-8";
}

// Content Security Policy Level 3.
HttpResponse Answer(const DashboardFile& file) {
  return {.content_type = TypeOf(file.name),
          .body = std::string(file.text),
          .headers = {{"Content-Security-Policy",
                       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                       "connect-src 'self'; base-uri 'none'; form-action 'none'; "
                       "frame-ancestors 'none'"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"}}};
}

HttpResponse FileNamed(std::string_view name) {
  const auto found = std::ranges::find(DashboardFiles(), name, &DashboardFile::name);
  if (found != DashboardFiles().end()) return Answer(*found);
  return {.status = 404, .body = "the dashboard has no such file\n"};
}

}  // namespace

HttpRoutes DashboardRoutes(std::string_view text) {
  return {{"/",
           [text = std::string(text)](const HttpRequest& request) {
             return request.Accepts("text/html") ? FileNamed("index.html")
                                                 : HttpResponse{.body = text};
           }},
          {kFolder, [](const HttpRequest& request) {
             return FileNamed(std::string_view(request.path).substr(kFolder.size()));
           }}};
}

}  // namespace routerate
