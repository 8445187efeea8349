// One object, and a table of the reasons that clients of Kubernetes know.
#include "aggregator/api_status.h"

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>
#include <string>

namespace routerate {
namespace {

struct Reason {
  int code;
  std::string_view name;
};

// StatusReason of metav1; of a code that is not here it is empty, which clients take as unknown.
constexpr Reason kReasons[] = {
    {400, "BadRequest"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "NotFound"},
    {405, "MethodNotAllowed"},
    {406, "NotAcceptable"},
    {413, "RequestEntityTooLarge"},
    {429, "TooManyRequests"},
    {500, "InternalError"},
    {503, "ServiceUnavailable"},
    {504, "Timeout"},
};

std::string_view ReasonOf(int code) {
  const auto* found = std::ranges::find(kReasons, code, &Reason::code);
  return found == std::end(kReasons) ? std::string_view() : found->name;
}

}  // namespace

HttpResponse ApiStatus(int code, std::string_view message) {
  const boost::json::object status = {
      {"kind", "Status"},    {"apiVersion", "v1"}, {"metadata", boost::json::object()},
      {"status", "Failure"}, {"message", message}, {"reason", ReasonOf(code)},
      {"code", code},
  };
  return {code, "application/json", boost::json::serialize(status) + "\n"};
}

}  // namespace routerate
