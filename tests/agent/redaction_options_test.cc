// inputs[].keys, fields, redact and dead_letter of agent.yaml: what is read, shown, and refused.
#include "agent/redaction_options.h"

#include <catch2/catch.hpp>

#include "agent/agent_options.h"
#include "tests/agent/agent_yaml.h"
#include "tests/golden_text.h"

using namespace routerate;
using Values = QueryRedaction::Values;

namespace {

const std::string kBase =
    "source: {service: shop}\n"
    "inputs: [{path: /a.log, format: nginx}]\n"
    "kafka: {brokers: k}\n";

RedactionRules Rules(const std::string& text) {
  const auto options = LoadAgentYaml(kBase + text);
  INFO((options ? "" : options.error().message));
  REQUIRE(options.has_value());
  return options->redaction;
}

std::string Mistake(const std::string& text) {
  const auto options = LoadAgentYaml(text);
  REQUIRE_FALSE(options.has_value());
  return options.error().message;
}

}  // namespace

TEST_CASE("what is shipped is all unless fields says less") {
  CHECK(Rules("").fields == EventFields::All());
  CHECK(Rules("fields: all\n").fields == EventFields::All());
  CHECK(Rules("ship: summaries\n").fields == EventFields::Metrics());
  CHECK(Rules("ship: summaries\nfields: all\n").fields == EventFields::All());
  CHECK(Rules("fields: metrics\n").fields == EventFields::Metrics());
  EventFields some = EventFields::None();
  some.Add(EventField::kPath);
  CHECK(Rules("fields: []\n").fields == some);
  some.Add(EventField::kStatus);
  some.Add(EventField::kDuration);
  CHECK(Rules("fields: [status, duration_ms]\n").fields == some);
}

TEST_CASE("nothing is redacted unless redact says so") {
  const RedactionRules rules = Rules("redact: {}\n");
  CHECK(rules.query.values == Values::kNone);
  CHECK(rules.user == UserRedaction::kKeep);
  CHECK(rules.client == ClientRedaction::kKeep);
}

TEST_CASE("query values go by name, but for some names, or all") {
  const QueryRedaction keys = Rules("redact: {query: {keys: [a, B c], replace: x}}\n").query;
  CHECK(keys.values == Values::kOfNames);
  CHECK(keys.names == std::vector<std::string>{"a", "B c"});
  CHECK(keys.replace == "x");
  const QueryRedaction except = Rules("redact: {query: {except: page}}\n").query;
  CHECK(except.values == Values::kAllButOfNames);
  CHECK(except.names == std::vector<std::string>{"page"});
  CHECK(except.replace == "***");
  const QueryRedaction all = Rules("redact: {query: {keys: all, replace: ''}}\n").query;
  CHECK(all.values == Values::kAllButOfNames);
  CHECK(all.names.empty());
  CHECK(all.replace.empty());
}

TEST_CASE(
    "each mistake in keys, fields, redact and dead_letter has its line and what is expected") {
  struct Case {
    std::string text;
    std::string message;
  };
  std::string many = "redact: {query: {keys: [";
  for (int i = 0; i < 65; ++i) many += "k" + std::to_string(i) + ", ";
  const std::string input = "source: {service: s}\nkafka: {brokers: k}\ninputs:\n  - path: /a\n";
  std::string keys = "    keys:\n";
  for (int i = 0; i < 33; ++i) keys += "      k" + std::to_string(i) + ": bytes\n";
  const auto& [text, message] = GENERATE_COPY(
      Case{input + "    keys:\n      took: duration_ms\n      verb: methd\n",
           "agent.yaml:7: inputs[0].keys.verb: 'methd' is not one of time, method, request, "
           "request_uri, uri, query, status, bytes, duration_s, duration_ms, duration_us, client, "
           "referer, agent, user, host, ignore"},
      Case{input + "    keys: {'': bytes}\n",
           "agent.yaml:5: inputs[0].keys.: a key must not be empty"},
      Case{input + "    keys: [took]\n", "agent.yaml:5: inputs[0].keys: expected a map of texts"},
      Case{input + keys, "agent.yaml:38: inputs[0].keys.k32: at most 32 keys can be mapped"},
      Case{input + "    format: combined\n    keys: {took: duration_ms}\n",
           "agent.yaml:6: inputs[0].keys: the combined format has no keys"},
      Case{kBase + "fields: [method, usr]\n",
           "agent.yaml:4: fields: 'usr' is not one of method, host, path, query, status, bytes, "
           "duration_ms, client, referer, agent, user; or fields is all or metrics"},
      Case{kBase + "fields: some\n",
           "agent.yaml:4: fields: 'some' is not one of method, host, path, query, status, bytes, "
           "duration_ms, client, referer, agent, user; or fields is all or metrics"},
      Case{kBase + "fields: {}\n", "agent.yaml:4: fields: expected a list of texts"},
      Case{kBase + "redact: {query: all}\n", "agent.yaml:4: redact.query: expected a map"},
      Case{kBase + "redact: {query: {replace: x}}\n",
           "agent.yaml:4: redact.query: expected keys or except"},
      Case{kBase + "redact:\n  query:\n    keys: [a]\n    except: [b]\n",
           "agent.yaml:7: redact.query.except: keys says which values go; use one of the two"},
      Case{kBase + "redact: {query: {keys: [a], replace: 'a&b'}}\n",
           "agent.yaml:4: redact.query.replace: expected at most 16 bytes of printable ASCII "
           "without white space, quote, backslash and & ; # = ? % +"},
      Case{kBase + many + "]}}\n", "agent.yaml:4: redact.query.keys: at most 64 names"},
      Case{kBase + "redact: {user: mask}\n",
           "agent.yaml:4: redact.user: 'mask' is not one of keep, hash, drop"},
      Case{kBase + "redact: {client: hash}\n",
           "agent.yaml:4: redact.client: 'hash' is not one of keep, truncate, drop"},
      Case{kBase + "redact: {referer: drop}\n",
           "agent.yaml:4: redact.referer: unknown key; known here: client, query, user"},
      Case{kBase + "dead_letter: {}\n", "agent.yaml:4: dead_letter.topic: is required"},
      Case{
          kBase + "dead_letter: {topic: routerate-events}\n",
          "agent.yaml:4: dead_letter.topic: must not be kafka.topic: rejected lines are no events"},
      Case{kBase + "dead_letter: {topic: a b}\n",
           "agent.yaml:4: dead_letter.topic: 'a b' is no name of a topic: letters, digits, . _ -, "
           "at most 249 bytes"});
  CHECK(Mistake(text) == message);
}

TEST_CASE("check shows keys, fields, redact and dead_letter as they are in force (golden)") {
  const std::string plain = ShowAgentOptions(*LoadAgentYaml(kBase));
  const std::string full = ShowAgentOptions(*LoadAgentYaml(
      "source: {namespace: shop, service: front, pod: web-1, workload: deployments.apps/front}\n"
      "inputs:\n"
      "  - {path: /logs/nginx/*.log, format: nginx, keys: {took: duration_ms, 'x y': ignore}}\n"
      "  - {path: /logs/tomcat/*.txt, format: tomcat, service: shop-api}\n"
      "kafka: {brokers: 'kafka:9092', properties: {security.protocol: ssl}}\n"
      "dead_letter: {topic: routerate-rejects}\n"
      "fields: [method, status, query]\n"
      "redact:\n"
      "  query: {keys: [token, 'user[password]']}\n"
      "  user: hash\n"
      "  client: truncate\n"));
  const std::string except = ShowRedaction(Rules("redact: {query: {except: [page, 'no']}}\n"));
  const std::string all = ShowRedaction(Rules("fields: metrics\nredact: {query: {keys: all}}\n"));
  CheckGolden("agent_check.txt", "# the least\n" + plain + "\n# much\n" + full +
                                     "\n# but for some\n" + except + "\n# all values\n" + all);
}

TEST_CASE("what check shows of fields and redact can be read again") {
  for (const char* text :
       {"", "fields: []\n", "fields: metrics\nredact: {query: {keys: all}, client: drop}\n",
        "redact: {query: {except: ['no', '1', 'a: b']}, user: drop}\n",
        "redact: {query: {keys: [\"\\\"q\\\\\", \"\\x01\"], replace: '<x>'}}\n"}) {
    const std::string shown = ShowRedaction(Rules(text));
    INFO(shown);
    CHECK(ShowRedaction(Rules(shown)) == shown);
  }
}
