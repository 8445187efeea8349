// Model tomcats: the three generations of escaping, the common and the recommended pattern, and the
// JsonAccessLogValve, which adds the JSON but no escaping of its own.
#include "tests/parsers/hostile_escapes.h"
#include "tests/parsers/hostile_lines.h"
#include "tests/parsers/hostile_servers.h"

namespace routerate {
namespace {

// 8.5.47 writes texts as they came; 8.5.62 and 9.0.42 escape headers and user; 9.0.117 and 10.1.54
// the request line, too.
enum class Generation { k8_5_47, k8_5_100, k9_0_117 };
using enum Generation;
enum class TomcatPattern { kCommon, kRecommended };

std::string Header(Generation generation, std::string_view bytes) {
  if (generation != k8_5_47) return TomcatEscaped(bytes);
  return OrDash<Bare>(bytes);
}

std::string Request(Generation generation, std::string_view bytes) {
  if (bytes.empty()) return "";
  return generation == k9_0_117 ? TomcatEscaped(bytes) : std::string(bytes);
}

// "-" for what was no request line; "GET /a " for HTTP/0.9's.
std::string LoggedRequestLine(const SentRequest& r, Generation generation) {
  if (!r.garbage.empty()) return "-";
  return Request(generation, SentLine(r)) + (r.version.empty() ? " " : "");
}

std::string LoggedQuery(const SentRequest& r, Generation generation) {
  if (!r.garbage.empty() || r.target.find('?') == std::string::npos) return "";
  return Request(generation, "?" + QueryOf(r.target));
}

std::string LoggedBytes(const SentRequest& r) {
  return r.bytes == 0 ? "-" : std::to_string(r.bytes);
}

template <Generation kGeneration, TomcatPattern kPattern>
std::string WritePattern(const SentRequest& r) {
  JsonPairs pairs = {{"clientip", Quoted(r.client)},
                     {"ClientUser", Quoted("-")},
                     {"authenticated", Quoted(Header(kGeneration, r.user))},
                     {"AccessTime", Quoted(ClfTime(r))},
                     {"method", Quoted(LoggedRequestLine(r, kGeneration))},
                     {"status", Quoted(std::to_string(r.status))},
                     {"SendBytes", Quoted(LoggedBytes(r))}};
  if (kPattern == TomcatPattern::kRecommended) {
    pairs.emplace_back("duration_ms", Quoted(std::to_string(r.duration_us / 1000)));
  }
  pairs.emplace_back("Query?string", Quoted(LoggedQuery(r, kGeneration)));
  pairs.emplace_back("partner", Quoted(Header(kGeneration, r.referer)));
  pairs.emplace_back("AgentVersion", Quoted(Header(kGeneration, r.agent)));
  return Json(pairs);
}

// A pattern of somebody's own, with the server's values on both sides of the client's.
template <Generation kGeneration>
std::string WriteOwnPattern(const SentRequest& r) {
  return Json({{"AccessTime", Quoted(ClfTime(r))},
               {"clientip", Quoted(r.client)},
               {"method", Quoted(LoggedRequestLine(r, kGeneration))},
               {"partner", Quoted(Header(kGeneration, r.referer))},
               {"AgentVersion", Quoted(Header(kGeneration, r.agent))},
               {"host", Quoted(Header(kGeneration, r.host))},
               {"authenticated", Quoted(Header(kGeneration, r.user))},
               {"status", Quoted(std::to_string(r.status))},
               {"SendBytes", Quoted(LoggedBytes(r))},
               {"duration_us", Quoted(std::to_string(r.duration_us))}});
}

template <Generation kGeneration>
std::string WriteValve(const SentRequest& r) {
  const std::string headers = Json({{"Referer", Quoted(Header(kGeneration, r.referer))},
                                    {"User-Agent", Quoted(Header(kGeneration, r.agent))}});
  return Json({{"host", Quoted(r.client)},
               {"logicalUserName", Quoted("-")},
               {"user", Quoted(Header(kGeneration, r.user))},
               {"time", Quoted(ClfTime(r))},
               {"request", Quoted(LoggedRequestLine(r, kGeneration))},
               {"statusCode", Quoted(std::to_string(r.status))},
               {"size", Quoted(LoggedBytes(r))},
               {"requestHeaders", " " + headers}});
}

template <Generation kGeneration, TomcatPattern kPattern>
ToldRequest Tell(const SentRequest& r) {
  ToldRequest told = TellCombined(r, kGeneration == k8_5_47 ? VisibleUtf8 : FromLatin1);
  const ToldRequest line = TellCombined(r, kGeneration == k9_0_117 ? FromLatin1 : VisibleUtf8);
  told.path = line.path;
  told.query = line.query;
  if (r.bytes == 0) told.bytes = -1;
  if (kPattern == TomcatPattern::kRecommended) told.duration_us = r.duration_us / 1000 * 1000;
  return told;
}

template <Generation kGeneration>
void AddDialects(const std::string& name, BareParts bare, std::vector<LogDialect>* out) {
  const std::vector<TextEnd> ends = {{ClientText::kReferer, R"(","AgentVersion":")"}};
  out->push_back({name + ", common pattern", LogFormat::kTomcat, bare,
                  WritePattern<kGeneration, TomcatPattern::kCommon>,
                  Tell<kGeneration, TomcatPattern::kCommon>, ends});
  out->push_back({name + ", recommended pattern", LogFormat::kTomcat, bare,
                  WritePattern<kGeneration, TomcatPattern::kRecommended>,
                  Tell<kGeneration, TomcatPattern::kRecommended>, ends});
}

template <Generation kGeneration>
ToldRequest TellOwnPattern(const SentRequest& r) {
  ToldRequest told = Tell<kGeneration, TomcatPattern::kCommon>(r);
  told.host = ShownText(kGeneration == k8_5_47 ? VisibleUtf8 : FromLatin1, r.host);
  told.duration_us = r.duration_us;
  return told;
}

template <Generation kGeneration>
LogDialect OwnPattern(const std::string& name, BareParts bare) {
  return {name + ", own pattern",
          LogFormat::kTomcat,
          bare,
          WriteOwnPattern<kGeneration>,
          TellOwnPattern<kGeneration>,
          {{ClientText::kReferer, R"(","AgentVersion":")"},
           {ClientText::kAgent, R"(","host":")"},
           {ClientText::kHost, R"(","authenticated":")"}},
          false};
}

}  // namespace

std::vector<LogDialect> TomcatDialects() {
  using enum BareParts;
  std::vector<LogDialect> dialects;
  AddDialects<k8_5_47>("tomcat 8.5.47", kAll, &dialects);
  AddDialects<k8_5_100>("tomcat 8.5.100", kRequestLine, &dialects);
  AddDialects<k9_0_117>("tomcat 9.0.117", kNone, &dialects);
  // The valve came after the escaping of headers.
  dialects.push_back({"tomcat 9.0.50, JsonAccessLogValve",
                      LogFormat::kTomcat,
                      kRequestLine,
                      WriteValve<k8_5_100>,
                      Tell<k8_5_100, TomcatPattern::kCommon>,
                      {}});
  dialects.push_back({"tomcat 9.0.117, JsonAccessLogValve",
                      LogFormat::kTomcat,
                      kNone,
                      WriteValve<k9_0_117>,
                      Tell<k9_0_117, TomcatPattern::kCommon>,
                      {}});
  dialects.push_back(OwnPattern<k8_5_47>("tomcat 8.5.47", kAll));
  dialects.push_back(OwnPattern<k8_5_100>("tomcat 8.5.100", kRequestLine));
  dialects.push_back(OwnPattern<k9_0_117>("tomcat 9.0.117", kNone));
  return dialects;
}

}  // namespace routerate
