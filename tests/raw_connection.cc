// Blocking sockets, and OpenSSL over them without Asio: another implementation than the server's.
#include "tests/raw_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/check.h"
#include "base/freed_by.h"

namespace routerate {
namespace {

using BioPtr = std::unique_ptr<BIO, FreedBy<BIO_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, FreedBy<SSL_CTX_free>>;
using X509Ptr = std::unique_ptr<X509, FreedBy<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;

constexpr timeval kPatience{20, 0};

int Connect(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  RR_CHECK(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  return fd;
}

BioPtr BioOver(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

ContextPtr Context(const TlsWish& wish) {
  ContextPtr context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_security_level(context.get(), 0);  // offers old versions, too
  SSL_CTX_set_max_proto_version(context.get(), wish.max_version);
  if (!wish.protocols.empty()) {
    SSL_CTX_set_alpn_protos(context.get(),
                            reinterpret_cast<const unsigned char*>(wish.protocols.data()),
                            static_cast<unsigned>(wish.protocols.size()));
  }
  if (wish.shown.certificate.empty()) return context;
  const X509Ptr certificate(
      PEM_read_bio_X509(BioOver(wish.shown.certificate).get(), nullptr, nullptr, nullptr));
  const KeyPtr key(
      PEM_read_bio_PrivateKey(BioOver(wish.shown.key).get(), nullptr, nullptr, nullptr));
  RR_CHECK(SSL_CTX_use_certificate(context.get(), certificate.get()) == 1);
  RR_CHECK(SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1);
  return context;
}

}  // namespace

RawConnection::RawConnection(std::uint16_t port) : fd_(Connect(port)) {}

RawConnection::RawConnection(std::uint16_t port, const TlsWish& wish) : fd_(Connect(port)) {
  (void)::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  const ContextPtr context = Context(wish);
  tls_ = {SSL_new(context.get()), SSL_free};
  SSL_set_fd(tls_.get(), fd_);
  if (SSL_connect(tls_.get()) == 1) return;
  const char* reason = ERR_reason_error_string(ERR_get_error());
  handshake_error_ = reason == nullptr ? "closed" : reason;
  ERR_clear_error();
}

RawConnection::~RawConnection() { ::close(fd_); }

std::string RawConnection::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string RawConnection::server_name() const {
  char name[256] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(SSL_get0_peer_certificate(tls_.get())),
                            NID_commonName, name, sizeof name);
  return name;
}

bool RawConnection::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawConnection::Answered(Millis wait) const {
  pollfd polled{fd_, POLLIN, 0};
  return ::poll(&polled, 1, static_cast<int>(wait.count())) == 1;
}

bool RawConnection::ReadMore() {
  char buffer[16384];
  const auto read =
      tls_ ? SSL_read(tls_.get(), buffer, sizeof buffer) : ::recv(fd_, buffer, sizeof buffer, 0);
  if (read <= 0) return false;
  unread_.append(buffer, static_cast<std::size_t>(read));
  return true;
}

std::string RawConnection::ReadUntil(std::string_view end) {
  std::size_t searched = 0;  // megabytes come in hundreds of pieces
  for (;;) {
    const std::size_t at = end.empty() ? std::string::npos : unread_.find(end, searched);
    if (at != std::string::npos) {
      std::string found = unread_.substr(0, at + end.size());
      unread_.erase(0, found.size());
      return found;
    }
    searched = unread_.size() - std::min(unread_.size(), end.size());
    if (!ReadMore()) return std::exchange(unread_, {});
  }
}

std::string RawConnection::ReadResponse() {
  std::string response = ReadUntil("\r\n\r\n");
  constexpr std::string_view kLength = "Content-Length: ";
  const std::size_t at = response.find(kLength);
  if (at == std::string::npos) return response;
  std::size_t length = 0;
  std::from_chars(response.data() + at + kLength.size(), response.data() + response.size(), length);
  while (unread_.size() < length && ReadMore()) {
  }
  response += unread_.substr(0, length);
  unread_.erase(0, std::min(length, unread_.size()));
  return response;
}

}  // namespace routerate
