// What is asked and what is answered over HTTP, as plain values.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/certificate.h"

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
  // What the client showed in the TLS handshake; nothing was verified of it but that the client
  // holds the leaf's key. nullptr: none, or no TLS.
  std::shared_ptr<const CertificateChain> peer;

  // The values of a header, one for each time it came; views into this request.
  std::vector<std::string_view> Values(std::string_view header) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  HttpHeaders headers{};  // further ones; never Retry-After, which makes Kubernetes' clients wait
};

// Names of headers are the same in any case.
bool SameHeader(std::string_view a, std::string_view b);

// The path and the query of what a request line asks for.
void ParseTarget(std::string_view target, HttpRequest* request);

// RFC 3986 percent-decoding; a broken escape stays as it is.
std::string PercentDecoded(std::string_view text);

}  // namespace routerate
