// Requests as kube-apiserver takes them apart. The cases follow its own rules, one each.
#include "aggregator/request_info.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace routerate {
namespace {

RequestInfo Parsed(const std::string& method, const std::string& target) {
  HttpRequest request{.method = method};
  ParseTarget(target, &request);
  return ParseRequestInfo(request);
}

std::string Shown(const RequestInfo& info) {
  if (!info.is_resource) return info.verb + " " + info.path;
  return info.verb + " group=" + info.group + " version=" + info.version +
         " ns=" + info.name_space + " resource=" + info.resource + " sub=" + info.subresource +
         " name=" + info.name;
}

TEST_CASE("a request is about what kube-apiserver takes it to be about") {
  struct Case {
    std::string method, target, shown;
  };
  const std::string c = "/apis/custom.metrics.k8s.io/v1beta2";
  const std::string custom = " group=custom.metrics.k8s.io version=v1beta2";
  const std::string e = "/apis/external.metrics.k8s.io/v1beta1";
  const std::string external = " group=external.metrics.k8s.io version=v1beta1";
  const std::vector<Case> cases = {
      {"GET", "/", "get /"},
      {"GET", "/apis", "get /apis"},
      {"GET", "/apis/", "get /apis/"},
      {"POST", "/apis/custom.metrics.k8s.io", "post /apis/custom.metrics.k8s.io"},
      {"GET", c, "get " + c},
      {"GET", c + "/", "get " + c + "/"},
      {"GET", "/openapi/v2", "get /openapi/v2"},
      {"GET", "/openapi/v3/apis/x/v1", "get /openapi/v3/apis/x/v1"},
      {"GET", c + "/namespaces/shop/pods/%2A/rps",
       "get" + custom + " ns=shop resource=pods sub=rps name=*"},
      {"HEAD", c + "/namespaces/shop/pods/*/rps",
       "get" + custom + " ns=shop resource=pods sub=rps name=*"},
      {"GET", c + "/namespaces/shop/deployments.apps/web/rps?metricLabelSelector=a%3Db",
       "get" + custom + " ns=shop resource=deployments.apps sub=rps name=web"},
      {"GET", c + "/namespaces/shop/metrics/rps",
       "get" + custom + " ns=shop resource=metrics sub= name=rps"},
      {"GET", c + "/namespaces/shop/pods/a/b/c/d",
       "get" + custom + " ns=shop resource=pods sub=b name=a"},
      {"GET", c + "/nodes/n1/rps", "get" + custom + " ns= resource=nodes sub=rps name=n1"},
      {"GET", c + "/namespaces/shop",
       "get" + custom + " ns=shop resource=namespaces sub= name=shop"},
      {"GET", c + "/namespaces", "list" + custom + " ns= resource=namespaces sub= name="},
      {"GET", c + "/namespaces/shop/status",
       "get" + custom + " ns=shop resource=namespaces sub=status name=shop"},
      {"GET", e + "/namespaces/shop/route_rps",
       "list" + external + " ns=shop resource=route_rps sub= name="},
      {"GET", e + "/namespaces/shop/route_rps?watch=1",
       "watch" + external + " ns=shop resource=route_rps sub= name="},
      {"GET", e + "/namespaces/shop/route_rps?watch=false",
       "list" + external + " ns=shop resource=route_rps sub= name="},
      {"GET", e + "/watch/namespaces/shop/route_rps",
       "watch" + external + " ns=shop resource=route_rps sub= name="},
      {"DELETE", e + "/namespaces/shop/route_rps",
       "deletecollection" + external + " ns=shop resource=route_rps sub= name="},
      {"PUT", e + "/namespaces/shop/x/y", "update" + external + " ns=shop resource=x sub= name=y"},
      {"BREW", e + "/namespaces/shop/x",
       " group=external.metrics.k8s.io version=v1beta1 ns=shop "
       "resource=x sub= name="},
      {"GET", "/api/v1/namespaces/shop/pods/p",
       "get group= version=v1 ns=shop resource=pods sub= name=p"},
      {"GET", "/api/v1", "get /api/v1"},
      {"GET", c + "/proxy/namespaces/shop/pods/p/log",
       "proxy" + custom + " ns=shop resource=pods sub= name=p"},
  };
  for (const Case& each : cases) {
    INFO(each.method << " " << each.target);
    CHECK(Shown(Parsed(each.method, each.target)) == each.shown);
  }
}

TEST_CASE("a plain path has no empty, hidden or unreadable part") {
  for (const char* path : {"/", "/apis", "/apis/", "/a/b.c/*", "/\xC3\xA4"})
    CHECK(IsPlainPath(path));
  for (const std::string& path :
       {std::string(), std::string("apis"), std::string("*"), std::string("//"),
        std::string("/a//b"), std::string("/a//"), std::string("/a/../b"), std::string("/."),
        std::string("/a\0b", 4), std::string("/a\nb"), std::string("/\xFF"),
        std::string("/\x7F")}) {
    INFO(path);
    CHECK_FALSE(IsPlainPath(path));
  }
}

}  // namespace
}  // namespace routerate
