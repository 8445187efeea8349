// YAML → RedactionRules, and back for `check`.
#include "agent/redaction_options.h"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

#include "base/yaml_text.h"

namespace routerate {
namespace {

using Values = QueryRedaction::Values;
using Texts = std::vector<std::string>;

const Texts kUserChoices = {"keep", "hash", "drop"};
const Texts kClientChoices = {"keep", "truncate", "drop"};

std::array<EventField, kEventFieldCount> AllFields() {
  std::array<EventField, kEventFieldCount> fields{};
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i] = static_cast<EventField>(i);
  return fields;
}

void ReadFields(ConfigNode& root, EventFields* fields) {
  if (!root.Has("fields")) return;
  Texts names;
  root.Read("fields", &names);
  if (names == Texts{"all"} || names == Texts{"metrics"}) {
    *fields = names[0] == "all" ? EventFields::All() : EventFields::Metrics();
    return;
  }
  *fields = EventFields::None();
  fields->Add(EventField::kPath);
  for (const std::string& name : names) {
    if (const auto field = EventFieldFromName(name)) {
      fields->Add(*field);
      continue;
    }
    Texts known;
    for (const EventField field : AllFields()) known.emplace_back(EventFieldName(field));
    root.Reject("fields", fmt::format("'{}' is not one of {}; or fields is all or metrics", name,
                                      fmt::join(known, ", ")));
  }
}

void ReadNames(ConfigNode& node, const std::string& key, Texts* names) {
  node.Read(key, names);
  if (names->size() > QueryRedaction::kMostNames) {
    node.Reject(key, fmt::format("at most {} names", QueryRedaction::kMostNames));
  }
}

void ReadQuery(ConfigNode node, QueryRedaction* query) {
  if (node.Has("keys")) {
    ReadNames(node, "keys", &query->names);
    query->values = Values::kOfNames;
    if (query->names == Texts{"all"}) *query = {Values::kAllButOfNames, {}, query->replace};
  }
  if (node.Has("except")) {
    if (node.Has("keys")) node.Reject("except", "keys says which values go; use one of the two");
    ReadNames(node, "except", &query->names);
    query->values = Values::kAllButOfNames;
  }
  if (!node.Has("keys") && !node.Has("except")) node.Reject("expected keys or except");
  node.Read("replace", &query->replace);
  if (!QueryRedaction::FitsAsReplacement(query->replace)) {
    node.Reject("replace",
                fmt::format("expected at most {} bytes of printable ASCII without white space, "
                            "quote, backslash and & ; # = ? % +",
                            QueryRedaction::kMostReplacementBytes));
  }
}

std::string ShowQuery(const QueryRedaction& query) {
  std::string which = "keys: []";
  if (query.values == Values::kOfNames) which = "keys: " + YamlList(query.names);
  if (query.values == Values::kAllButOfNames) {
    which = query.names.empty() ? "keys: all" : "except: " + YamlList(query.names);
  }
  return fmt::format("{{{}, replace: {}}}", which, YamlText(query.replace));
}

std::string ShowFields(const EventFields& fields) {
  if (fields == EventFields::All()) return "all";
  if (fields == EventFields::Metrics()) return "metrics";
  Texts names;
  for (const EventField field : AllFields()) {
    if (fields.Has(field)) names.emplace_back(EventFieldName(field));
  }
  return YamlList(names);
}

}  // namespace

void ReadRedaction(ConfigNode& root, RedactionRules* rules) {
  ReadFields(root, &rules->fields);
  ConfigNode redact = root.Map("redact");
  if (redact.Has("query")) ReadQuery(redact.Map("query"), &rules->query);
  auto user = static_cast<std::size_t>(rules->user);
  redact.ReadChoice("user", kUserChoices, &user);
  rules->user = static_cast<UserRedaction>(user);
  auto client = static_cast<std::size_t>(rules->client);
  redact.ReadChoice("client", kClientChoices, &client);
  rules->client = static_cast<ClientRedaction>(client);
}

std::string ShowRedaction(const RedactionRules& rules) {
  return fmt::format("fields: {}\nredact:\n  query: {}\n  user: {}\n  client: {}\n",
                     ShowFields(rules.fields), ShowQuery(rules.query),
                     kUserChoices[static_cast<std::size_t>(rules.user)],
                     kClientChoices[static_cast<std::size_t>(rules.client)]);
}

}  // namespace routerate
