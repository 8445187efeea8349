// A client's connection to 127.0.0.1, over TCP or TLS, that sends any bytes. Waits 20 s at most for
// anything.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tests/made_certificate.h"

struct ssl_st;

namespace routerate {

struct TlsWish {
  MadeCertificate shown = {};  // none
  int max_version = 0;         // as OpenSSL numbers them; 0: the newest
  std::string protocols = {};  // ALPN, in its wire form
};

class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port);
  RawConnection(std::uint16_t port, const TlsWish& wish);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // Empty: the handshake is done.
  const std::string& handshake_error() const { return handshake_error_; }
  std::string protocol() const;     // as negotiated by ALPN
  std::string server_name() const;  // CN of the certificate that the server shows
  // Whether all was taken.
  bool Send(std::string_view bytes);
  // Whether within `wait` something came, or the server closed.
  bool Answered(Millis wait) const;
  // What comes until `end` has come, or the server closes.
  std::string ReadUntil(std::string_view end);
  std::string ReadAll() { return ReadUntil({}); }
  // The next response: header and body by its Content-Length.
  std::string ReadResponse();

 private:
  bool ReadMore();

  int fd_;
  std::shared_ptr<ssl_st> tls_;
  std::string handshake_error_;
  std::string unread_;
};

}  // namespace routerate
