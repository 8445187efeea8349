// A series: a route and method of a service, under which requests are counted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>

namespace routerate {

enum class RouteOrigin { kRule, kAutomatic };

// A series' name within its service. `method` is empty when the log has none. `name` is the
// route_id that the rule gives, else empty: rules for two hosts may share a route and yet are two
// series.
struct SeriesKeyView {
  std::string_view route;
  std::string_view method;
  std::string_view name;
  friend bool operator==(const SeriesKeyView&, const SeriesKeyView&) = default;
};

struct SeriesKey {
  std::string route;
  std::string method;
  std::string name;
  operator SeriesKeyView() const {
    return {route, method, name};
  }  // so that maps are asked with views
};

struct SeriesKeyHash {
  using is_transparent = void;
  std::size_t operator()(const SeriesKeyView& key) const;
};

struct SeriesKeyLess {
  bool operator()(const SeriesKeyView& a, const SeriesKeyView& b) const {
    return std::tie(a.route, a.method, a.name) < std::tie(b.route, b.method, b.name);
  }
};

struct SeriesKeyEqual {
  using is_transparent = void;
  bool operator()(const SeriesKeyView& a, const SeriesKeyView& b) const { return a == b; }
};

}  // namespace routerate
