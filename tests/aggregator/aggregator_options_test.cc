// aggregator.yaml and routes.yaml: what is taken, and how a mistake is told.
#include "aggregator/aggregator_options.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "aggregator/kafka_settings.h"
#include "aggregator/routes_command.h"
#include "aggregator/routes_file.h"

namespace routerate {
namespace {

// A folder that is gone after the test.
class Folder {
 public:
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "routerate-test-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }
  std::string Path(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

Result<AggregatorOptions> Load(const Folder& folder, const std::string& text,
                               BrokerChoice broker = BrokerChoice::kConfigured) {
  PosixFileSystem files;
  return LoadAggregatorOptions(files, folder.Write("aggregator.yaml", text), broker,
                               CheckConsumerProperty);
}

TEST_CASE("only the brokers are required, and not with an embedded one") {
  const Folder folder;
  const auto options = Load(folder, "kafka: {brokers: 'kafka:9092'}");
  REQUIRE(options);
  CHECK(options->kafka.topic == "routerate-events");
  CHECK_FALSE(options->lateness.has_value());
  CHECK(options->routes.empty());
  CHECK(Load(folder, "listen: 127.0.0.1:0", BrokerChoice::kEmbedded));
}

TEST_CASE("routes.yaml is looked for beside aggregator.yaml") {
  const Folder folder;
  CHECK(Load(folder, "{kafka: {brokers: k}, routes: routes.yaml}")->routes ==
        folder.Path("routes.yaml"));
  CHECK(Load(folder, "{kafka: {brokers: k}, routes: /etc/routes.yaml}")->routes ==
        "/etc/routes.yaml");
}

TEST_CASE("a mistake is told with file, line, key and what was expected") {
  struct Case {
    std::string text, message;
  };
  const std::vector<Case> cases = {
      {"listen: 0.0.0.0:1\n", "kafka.brokers: is required"},
      {"kafka: {brokers: k}\nlatenes: 2s\n", ":2: latenes"},
      {"kafka: {brokers: k}\nlateness: 2\n", ":2: lateness"},
      {"kafka: {brokers: k}\nlateness: 2m\n", ":2: lateness"},
      {"kafka: {brokers: k}\n\nmax_routes: 0\n", ":3: max_routes"},
      {"kafka: {brokers: k}\npod_metrics: some\n", ":2: pod_metrics"},
      {"kafka: {brokers: k}\nlog_level: loud\n", ":2: log_level: 'loud' is not one of debug, info"},
      {"kafka: {brokers: k, topic: ''}\n", "kafka.topic: must not be empty"},
      {"kafka:\n  brokers: k\n  properties:\n    acls: 1\n",
       ":4: kafka.properties.acls: No such configuration property"},
      {"kafka: {brokers: k}\nlisten: 9465\n", ":2: listen: '9465' is not ADDRESS:PORT"},
      {"kafka: {brokers: k}\nhttp:\n  certificate: c\n",
       ":3: http.certificate: certificate and key go together"},
      {"kafka: {brokers: k}\nhttp: {client_requests_per_second: 0}\n",
       ":2: http.client_requests_per_second"},
      {"kafka: {brokers: k}\nmetrics_api:\n  key: k\n  api_server: https://a\n",
       "metrics_api.certificate: is required"},
      {"kafka: {brokers: k}\nmetrics_api:\n  {certificate: c, key: k}\n",
       "metrics_api: api_server is needed outside of a cluster"},
      {"kafka: {brokers: k}\nmetrics_api:\n  api_server: http://a\n  certificate: c\n  key: k\n",
       ":3: metrics_api.api_server: 'http://a' is not https://HOST[:PORT]"},
      {"kafka: {brokers: k}\nmetrics_api:\n  listen: a\n  api_server: https://a\n",
       ":3: metrics_api.listen: 'a' is not ADDRESS:PORT"},
  };
  const Folder folder;
  for (const Case& c : cases) {
    const auto options = Load(folder, c.text);
    REQUIRE_FALSE(options);
    INFO(options.error().message);
    CHECK(options.error().message.find("aggregator.yaml:") != std::string::npos);
    CHECK(options.error().message.find(c.message) != std::string::npos);
  }
}

TEST_CASE("the HTTP port's files are beside aggregator.yaml, and none are needed") {
  const Folder folder;
  CHECK(Load(folder, "kafka: {brokers: k}")->http.token_file.empty());
  const auto options = Load(folder,
                            "{kafka: {brokers: k}, http: {certificate: tls.crt, key: /k/tls.key, "
                            "token_file: token, client_requests_per_second: 7}}");
  REQUIRE(options);
  CHECK(options->http.certificate == folder.Path("tls.crt"));
  CHECK(options->http.key == "/k/tls.key");
  CHECK(options->http.token_file == folder.Path("token"));
  CHECK_THAT(ShowAggregatorOptions(*options), Catch::Contains("  client_requests_per_second: 7\n"));
}

TEST_CASE("the metrics API is off without its section, and its files are beside aggregator.yaml") {
  const Folder folder;
  CHECK_FALSE(Load(folder, "kafka: {brokers: k}")->metrics_api);
  const auto options = Load(folder,
                            "{kafka: {brokers: k}, metrics_api: {certificate: tls.crt, "
                            "key: /keys/tls.key, api_server: 'https://10.0.0.1:6443'}}");
  REQUIRE(options);
  REQUIRE(options->metrics_api);
  CHECK(options->metrics_api->listen == "0.0.0.0:6443");
  CHECK(options->metrics_api->certificate == folder.Path("tls.crt"));
  CHECK(options->metrics_api->key == "/keys/tls.key");
  CHECK(options->metrics_api->token_file == "/var/run/secrets/kubernetes.io/serviceaccount/token");
  CHECK(ShowAggregatorOptions(*options).find("  api_server: https://10.0.0.1:6443\n") !=
        std::string::npos);
}

TEST_CASE("a property that librdkafka does not take, or that breaks the counts, is refused") {
  CHECK(CheckConsumerProperty("session.timeout.ms", "20000"));
  CHECK(CheckConsumerProperty("fetch.min.byts", "1").error().message ==
        "No such configuration property: \"fetch.min.byts\"");
  CHECK_FALSE(CheckConsumerProperty("session.timeout.ms", "soon"));
  CHECK(CheckConsumerProperty("enable.auto.commit", "true").error().message ==
        "is set by routerate and cannot be changed");
}

TEST_CASE("what is in force is shown, properties by name only") {
  const Folder folder;
  const auto options = Load(
      folder, "kafka: {brokers: 'k:1', properties: {sasl.password: secret}}\nlateness: 500ms\n");
  REQUIRE(options);
  const std::string shown = ShowAggregatorOptions(*options);
  CHECK(shown.find("brokers: k:1") != std::string::npos);
  CHECK(shown.find("lateness: 500ms") != std::string::npos);
  CHECK(shown.find("sasl.password: (set)") != std::string::npos);
  CHECK(shown.find("secret") == std::string::npos);
}

TEST_CASE("routes.yaml becomes rules in file order") {
  const Folder folder;
  PosixFileSystem files;
  auto routes = LoadRoutes(files, folder.Write("routes.yaml",
                                               "routes:\n"
                                               "  - {name: orders, path: '/orders/{id}', target: "
                                               "shop/deployments.apps/api}\n"
                                               "  - name: assets\n"
                                               "    pattern: /assets/.*\n"
                                               "    method: GET\n"
                                               "    host: shop.example.com\n"));
  REQUIRE(routes);
  REQUIRE(routes->rules().size() == 2);
  CHECK(routes->rules()[0].line == 2);
  CHECK(routes->rules()[1].method == "GET");
  CHECK(ListRoutes(*routes) ==
        "line route_id method host             route\n"
        "   2 orders   *      *                /orders/{id} -> shop/deployments.apps/api\n"
        "   3 assets   GET    shop.example.com /assets/.*\n");
}

TEST_CASE("a mistake in routes.yaml is told with file and line") {
  const std::vector<std::string> cases = {
      "routes:\n  - {name: other.routes, path: /x}\n",
      "routes:\n  - {name: a, path: /x, verb: GET}\n",
      "routes:\n  - {name: a, path: /x, pattern: /y}\n",
      "routes:\n  - {name: a, pattern: '('}\n",
      "routes:\n  - {name: a, path: /x, target: api}\n",
  };
  const Folder folder;
  PosixFileSystem files;
  for (const std::string& text : cases) {
    const auto routes = LoadRoutes(files, folder.Write("routes.yaml", text));
    REQUIRE_FALSE(routes);
    INFO(routes.error().message);
    CHECK(routes.error().message.find("routes.yaml:2") != std::string::npos);
  }
  CHECK_FALSE(LoadRoutes(files, folder.Path("missing.yaml")));
}

TEST_CASE("two rules with one route_id are told with both lines and texts") {
  const Folder folder;
  PosixFileSystem files;
  const auto routes =
      LoadRoutes(files, folder.Write("routes.yaml",
                                     "routes:\n"
                                     "  - path: /orders/{id}\n"
                                     "  - {name: get-orders-id, pattern: /o/.*}\n"));
  REQUIRE_FALSE(routes);
  CHECK(routes.error().message ==
        folder.Path("routes.yaml") +
            ":3: pattern '/o/.*': route id 'get-orders-id' is taken by line 2, path "
            "'/orders/{id}': give one of them another name");
}

}  // namespace
}  // namespace routerate
