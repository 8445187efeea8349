// Calls to one server over TLS or plain TCP, HTTP/1.1: connections are kept, every call has a
// deadline.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/http_loop.h"
#include "base/http_message.h"
#include "base/result.h"
#include "base/tls_context.h"

namespace routerate {

struct HttpOrigin {
  std::string host;  // a name or an address, without brackets
  std::string port;
};

// "https://HOST[:PORT]", a '/' behind it or not; [::1] has brackets. The port is 443 if there is
// none.
Result<HttpOrigin> ParseHttpsOrigin(const std::string& url);

struct HttpCall {
  std::string method = "GET";
  std::string target;  // percent-encoded
  HttpHeaders headers = {};
  std::string body = {};
  Millis deadline{10'000};  // from the call to the last byte of its response
};

// Used on the loop's thread, or while the loop does not run; destroyed while it does not run.
class HttpClient {
 public:
  static constexpr std::size_t kMaxCalls = 256;  // at a time; further ones fail at once

  // Gets the response, of whatever status, or says what failed. Called once, on the loop's thread,
  // never from within Send.
  using Done = std::function<void(Result<HttpResponse>)>;

  // Borrows the loop. `tls` trusts those who may vouch for the server; nullptr: plain HTTP.
  HttpClient(HttpLoop& loop, HttpOrigin origin, TlsContext tls);
  ~HttpClient();

  // A call may reach the server twice: if a connection that was kept turns out to be closed, it is
  // made again on a new one.
  void Send(HttpCall call, Done done);
  // For connections from now on; those that were kept are dropped.
  void Trust(TlsContext tls);
  const HttpOrigin& origin() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the calls, which end with the loop
};

}  // namespace routerate
