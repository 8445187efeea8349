// What a pod tells of itself, as text.
#include "parsers/pod_description.h"

#include <catch2/catch.hpp>

#include "parsers/event_record.h"

using namespace routerate;

namespace {

std::string Long(std::size_t size) { return std::string(size, 'a'); }

}  // namespace

TEST_CASE("labels are written as a JSON object by key, and read back") {
  const PodLabels labels = {{"tier", "web"},
                            {"app.kubernetes.io/name", "Shop_1"},
                            {"empty", ""},
                            {"pod-template-hash", "7c9f"}};
  const PodLabelsText written = WritePodLabels(labels);
  CHECK(
      written.text ==
      R"({"app.kubernetes.io/name":"Shop_1","empty":"","pod-template-hash":"7c9f","tier":"web"})");
  CHECK(written.left_out == 0);
  CHECK(ReadPodLabels(written.text) == labels);
  CHECK(WritePodLabels({}).text == "{}");
  CHECK(ReadPodLabels("{}") == PodLabels());
}

TEST_CASE("what is no label is left out and counted") {
  const std::string longest = Long(63) + "." + Long(63) + "." + Long(63) + "." + Long(61);
  const PodLabelsText written = WritePodLabels({{"good", "1"},
                                                {longest + "/" + Long(63), Long(63)},
                                                {longest + "a/b", "too long a prefix"},
                                                {Long(64), "x"},
                                                {"value", Long(64)},
                                                {"", "x"},
                                                {"/x", "x"},
                                                {"a/b/c", "x"},
                                                {"quote", "\""},
                                                {"space", "a b"},
                                                {"-a", "x"}});
  CHECK(written.text ==
        "{\"" + longest + "/" + Long(63) + "\":\"" + Long(63) + "\",\"good\":\"1\"}");
  CHECK(written.left_out == 9);
}

TEST_CASE("labels over 16 KiB are left out and counted") {
  PodLabels labels;
  for (int i = 1000; i < 2000; ++i) labels.emplace("k" + std::to_string(i), Long(40));
  const PodLabelsText written = WritePodLabels(labels);
  CHECK(written.text.size() <= kMostLabelsBytes);
  const auto read = ReadPodLabels(written.text);
  REQUIRE(read.has_value());
  CHECK(read->size() + written.left_out == labels.size());
  CHECK(written.left_out > 0);
  CHECK(read->contains("k1000"));
}

TEST_CASE("what is no object of labels is not read") {
  for (const char* text :
       {"", "{", "}", "[]", "null", "{\"a\"}", "{\"a\":1}", "{\"a\":\"b\"", "{\"a\":\"b\"}x",
        "{\"a\":\"b\",}", "{,\"a\":\"b\"}", "{\"a\":\"b\"\"c\":\"d\"}", "{ \"a\":\"b\"}",
        "{\"a\":\"b\",\"a\":\"c\"}", "{\"a\\n\":\"b\"}", "{\"a\":\"b c\"}", "{\"\":\"b\"}"}) {
    INFO(text);
    CHECK_FALSE(ReadPodLabels(text).has_value());
  }
}

TEST_CASE("a workload is a resource, its group, and a name") {
  for (const char* text : {"deployments.apps/shop", "pods/shop-0", "rollouts.argoproj.io/a.b"}) {
    CHECK(IsWorkload(text));
  }
  for (const char* text : {"", "shop", "/shop", "deployments.apps/", "ns/deployments.apps/shop",
                           "Deployments.apps/shop", "deployments.apps/Shop"}) {
    INFO(text);
    CHECK_FALSE(IsWorkload(text));
  }
}

TEST_CASE("a heartbeat carries its pod's description, other records do not") {
  RecordHeaders headers{RecordKind::kHeartbeat, "shop/web/pod-1", "", 1234};
  headers.pod = {"deployments.apps/shop", R"({"app":"shop"})"};
  const auto decoded = [](const RecordHeaders& sent) {
    const HeaderPairs pairs = EncodeHeaders(sent);
    return DecodeHeaders(
        std::vector<std::pair<std::string_view, std::string_view>>(pairs.begin(), pairs.end()));
  };
  CHECK(decoded(headers)->pod == headers.pod);
  headers.pod.labels.clear();
  CHECK(decoded(headers)->pod == headers.pod);
  headers.kind = RecordKind::kGoodbye;
  CHECK(decoded(headers)->pod == PodDescription());
}

TEST_CASE("what is no workload, and labels over 16 KiB, are taken for not told") {
  const std::string large(kMostLabelsBytes + 1, 'x');
  const std::vector<std::pair<std::string_view, std::string_view>> headers = {
      {"rr-version", "1"},     {"rr-kind", "heartbeat"}, {"rr-source", "shop/web/pod-1"},
      {"rr-workload", "Shop"}, {"rr-labels", large},
  };
  REQUIRE(DecodeHeaders(headers).has_value());
  CHECK(DecodeHeaders(headers)->pod == PodDescription());
}
