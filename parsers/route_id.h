// A route's second name: a slug that an HPA's selector can hold (HPA: label values).
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace routerate {

// Methods that have plain slugs.
inline constexpr std::array<std::string_view, 7> kCommonMethods = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

// [A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?, what Kubernetes accepts as a selector's value.
bool IsLabelValue(std::string_view text);

// The slug an HPA selects by: a legal label value, [a-z0-9] and '-', at most 63 bytes, stable for
// ever (goldens), unique: "get-orders-id" for GET /orders/{id}.
//
// Plain routes have plain slugs: segments of [a-z0-9]+ join with '-', {id} and {uuid} are read as
// id and uuid, any other {name} as -name, "**" as -all and "*" as -any, and "/" is root:
//
//   GET /                  get-root             GET /products/{sku}   get-products--sku
//   GET /users/{uuid}      get-users-uuid       GET /static/**        get-static--all
//   /orders/{id}           orders-id            (a log without methods)
//
// From such a slug its route can be read back, so no two share one. Every other route (an
// upper-case letter, punctuation in a name, an unusual method, more than 63 bytes) has its slug cut
// to 52 bytes, with '-' and 10 hexadecimal digits of the SHA-256 of "METHOD route" behind it:
// "get-user-profile-6b1c0e9a2f".
std::string RouteId(std::string_view method, std::string_view route);

// A slug with a hash for any route, plain or not, for one whose own id is a rule's name. Each
// `attempt` has another hash; 0 is what RouteId gives to a route that is not plain.
std::string HashedRouteId(std::string_view method, std::string_view route, unsigned attempt);

}  // namespace routerate
