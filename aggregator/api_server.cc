// A request's way: health is told to anybody; then its path is judged, its user found, the user's
// right asked for, and the handler called. Each step may end it with a Status.
#include "aggregator/api_server.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "aggregator/access_review.h"
#include "aggregator/api_authentication.h"
#include "aggregator/api_status.h"
#include "aggregator/kube_client.h"
#include "aggregator/reload_log.h"
#include "aggregator/request_info.h"
#include "base/check.h"
#include "base/http_server.h"
#include "base/one_line.h"
#include "base/tls_certificate.h"

namespace routerate {
namespace {

constexpr Millis kTrustTick{1'000};
constexpr Millis kFilesTick{10'000};
constexpr Millis kTroubleInterval{30'000};

using Request = std::shared_ptr<const HttpRequest>;

}  // namespace

struct ApiServer::State {
  State(const MetricsApiOptions& o, Doors d, ApiHandler h, TlsCertificate c)
      : options(o),
        doors(d),
        handler(std::move(h)),
        certificate(std::move(c)),
        certificate_log("metrics API: ", "certificate in " + o.certificate) {}
  ~State() { doors.metrics.ServerStopped(); }

  Result<void> Start();
  void Answer(const Request& request, HttpDone done);
  void Authorize(const Request& request, const RequestInfo& info, const RequestIdentity& identity,
                 HttpDone done);
  HttpResponse Handle(const HttpRequest& request) const;
  std::optional<HttpResponse> Health(const HttpRequest& request) const;
  HttpDone Told(const RequestInfo& info, HttpDone done) const;
  void ReloadFiles();
  void TellTrouble(const std::string& what);

  const MetricsApiOptions options;
  Doors doors;
  ApiHandler handler;
  TlsCertificate certificate;
  ReloadLog certificate_log;
  Millis next_trouble{0};  // may be told again
  HttpLoop loop;
  std::unique_ptr<KubeClient> kube;
  std::optional<ApiAuthentication> authentication;
  std::optional<AccessReviews> access;
  std::unique_ptr<HttpServer> server;
  std::optional<HttpThread> thread;  // last: all above is used on it
};

Result<void> ApiServer::State::Start() {
  auto client = KubeClient::Create(loop, doors.files, doors.clock, options);
  if (!client) return std::unexpected(std::move(client.error()));
  kube = std::move(*client);
  authentication.emplace(*kube, doors.clock, doors.metrics);
  access.emplace(*kube, doors.clock, doors.metrics);
  HttpServerOptions http{
      .listen = options.listen,
      .route = [this](const Request& request, HttpDone done) { Answer(request, std::move(done)); },
      .tls = [this] { return certificate.context(); },
      .refuse = ApiStatus};
  auto listening = HttpServer::Listen(loop, std::move(http));
  if (!listening) return Fail("metrics_api: " + listening.error().message);
  server = std::move(*listening);
  doors.metrics.ServerStarted(server->counts());
  doors.metrics.CertificateLoaded(certificate.not_after());
  authentication->Refresh();
  loop.Every(kTrustTick, [this] { authentication->Refresh(); });
  loop.Every(kFilesTick, [this] { ReloadFiles(); });
  thread.emplace(loop);
  return {};
}

// That nobody is let in, each half minute at most.
void ApiServer::State::TellTrouble(const std::string& what) {
  const Millis now = doors.clock.Monotonic();
  if (now < next_trouble) return;
  next_trouble = now + kTroubleInterval;
  spdlog::error("metrics API: {}", OneLine(what));
}

void ApiServer::State::ReloadFiles() {
  kube->ReadAuthoritiesAgain();
  const auto reloaded = certificate.Reload(doors.files);
  certificate_log.Tell(reloaded);
  if (!reloaded) return doors.metrics.CertificateRefused();
  if (*reloaded == Reloaded::kNew) doors.metrics.CertificateLoaded(certificate.not_after());
}

// Before anything is asked of anybody. Ready is who knows whom to believe.
std::optional<HttpResponse> ApiServer::State::Health(const HttpRequest& request) const {
  if (request.path == "/healthz" || request.path == "/livez") return HttpResponse{.body = "ok\n"};
  if (request.path != "/readyz") return std::nullopt;
  if (authentication->ready()) return HttpResponse{.body = "ok\n"};
  return HttpResponse{.status = 503,
                      .body = "not ready: " + authentication->trust().no_proxy + "\n"};
}

// `done` that is counted. Kubernetes' clients would sleep on a Retry-After, and their HPA with
// them.
HttpDone ApiServer::State::Told(const RequestInfo& info, HttpDone done) const {
  return [this, group = info.group, begin = doors.clock.Monotonic(),
          done = std::move(done)](HttpResponse response) {
    RR_CHECK(std::ranges::none_of(
        response.headers, [](const auto& each) { return SameHeader(each.name, "Retry-After"); }));
    doors.metrics.Answered(group, response.status, doors.clock.Monotonic() - begin);
    done(std::move(response));
  };
}

void ApiServer::State::Answer(const Request& request, HttpDone done) {
  if (auto health = Health(*request)) return done(std::move(*health));
  const RequestInfo info = ParseRequestInfo(*request);
  done = Told(info, std::move(done));
  if (!IsPlainPath(request->path)) return done(ApiStatus(400, "the path is not a plain one"));
  authentication->Identify(
      request, [this, request, info, done = std::move(done)](Result<RequestIdentity> identity) {
        if (identity) return Authorize(request, info, *identity, done);
        if (identity.error().code >= 500) TellTrouble(identity.error().message);
        done(ApiStatus(identity.error().code, identity.error().message));
      });
}

void ApiServer::State::Authorize(const Request& request, const RequestInfo& info,
                                 const RequestIdentity& identity, HttpDone done) {
  access->Review(identity, info,
                 [this, request, info, identity,
                  done = std::move(done)](const Result<AccessReviews::Answer>& answer) {
                   if (!answer) {
                     const std::string message = fmt::format(
                         "Internal error occurred: Authorization error (user={}, {}): {}",
                         identity.user, Described(info), answer.error().message);
                     TellTrouble(message);
                     return done(ApiStatus(500, message));
                   }
                   if (!answer->allowed) {
                     return done(ApiStatus(403, ForbiddenMessage(identity, info, answer->reason)));
                   }
                   done(Handle(*request));
                 });
}

HttpResponse ApiServer::State::Handle(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse response = ApiStatus(405, "only GET and HEAD are served");
    response.headers.push_back({"Allow", "GET, HEAD"});
    return response;
  }
  HttpRequest allowed = request;
  DropIdentityHeaders(authentication->trust(), &allowed.headers);
  return handler(allowed);
}

Result<std::unique_ptr<ApiServer>> ApiServer::Start(const MetricsApiOptions& options, Doors doors,
                                                    ApiHandler handler) {
  auto certificate = TlsCertificate::Load(doors.files, options.certificate, options.key);
  if (!certificate) return Fail("metrics_api: " + certificate.error().message);
  auto state = std::make_unique<State>(options, doors, std::move(handler), std::move(*certificate));
  if (auto started = state->Start(); !started) return std::unexpected(std::move(started.error()));
  return std::unique_ptr<ApiServer>(new ApiServer(std::move(state)));
}

ApiServer::ApiServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
ApiServer::~ApiServer() = default;
std::uint16_t ApiServer::port() const { return state_->server->port(); }

}  // namespace routerate
