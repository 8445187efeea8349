// What is asked and what is answered over HTTP, as plain values.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/certificate.h"
#include "base/clock.h"

namespace routerate {

struct HttpHeader {
  std::string name;  // as it was sent; names are compared without case
  std::string value;
};
using HttpHeaders = std::vector<HttpHeader>;

struct HttpRequest {
  std::string method = "GET";                // as it was sent, and so in capitals
  std::string path;                          // percent-decoded, without the query
  std::map<std::string, std::string> query;  // percent-decoded; of repeated keys the first counts
  HttpHeaders headers;                       // in the order in which they came, repeated ones too
  std::string body;
  std::string client;  // its address, without the port
  // What the client showed in the TLS handshake; nothing was verified of it but that the client
  // holds the leaf's key. nullptr: none, or no TLS.
  std::shared_ptr<const CertificateChain> peer;

  // The values of a header, one for each time it came; views into this request.
  std::vector<std::string_view> Values(std::string_view header) const;
  // Whether the client names this media type among those that it accepts; */* names none.
  bool Accepts(std::string_view type) const;
};

// A body that goes on: a piece at once, then one each time the steady clock is at a multiple of
// `every`, so that streams of one period ask together. Nothing is kept for a client that reads
// slowly: while it has not taken its piece, it is not asked for another one, and so misses some.
struct HttpStream {
  Millis every{1000};
  // The next piece, shared with whom it may concern; empty: nothing to say now; nullptr: the end.
  // Called on the loop's thread; must not block for long.
  std::function<std::shared_ptr<const std::string>()> next;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  HttpHeaders headers{};               // further ones, repeated ones too
  std::optional<HttpStream> stream{};  // instead of `body`
};

// An answer that says in one line why there is no other, whatever of the request stands in `why`.
HttpResponse Refusal(int status, std::string_view why);

// Names of headers are the same in any case.
bool SameHeader(std::string_view a, std::string_view b);

// The path and the query of what a request line asks for, which may be an absolute URI.
void ParseTarget(std::string_view target, HttpRequest* request);

// RFC 3986 percent-decoding; a broken escape stays as it is.
std::string PercentDecoded(std::string_view text);

}  // namespace routerate
