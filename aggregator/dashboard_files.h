// The dashboard's files, as dashboard/ has them, inside the program.
#pragma once

#include <span>
#include <string_view>

#include "base/http_routes.h"

namespace routerate {

struct DashboardFile {
  std::string_view name;  // index.html
  std::string_view text;
};

std::span<const DashboardFile> DashboardFiles();

// Each file at /dashboard/NAME, and index.html at "/" for whoever accepts text/html; `text` is for
// others, curl for one. Nothing that a browser is told lets it ask anybody but us.
HttpRoutes DashboardRoutes(std::string_view text);

}  // namespace routerate
