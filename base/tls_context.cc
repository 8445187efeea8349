// SSL_CTX from texts. A client's certificate is taken in the handshake and judged later
// (certificate.h), for who may be trusted changes while connections live.
#include "base/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <string>

#include "base/freed_by.h"

namespace routerate {
namespace {

constexpr long kMaxClientChain = 32 << 10;  // bytes of certificates that a client may send
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";  // of TLS 1.2
constexpr unsigned char kSessionContext[] = "routerate";

using X509Ptr = std::unique_ptr<X509, FreedBy<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, FreedBy<BIO_free>>;

BioPtr Reading(std::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// `what`, and why OpenSSL says that it failed.
std::unexpected<Error> FailTls(const std::string& what) {
  const char* reason = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();
  return Fail(reason == nullptr ? what : what + ": " + reason);
}

TlsContext NewContext(const SSL_METHOD* method) {
  TlsContext context(SSL_CTX_new(method), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context.get(), kCiphers);
  SSL_CTX_set_options(context.get(),
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
  // A resumed session would not show the client's chain again.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  return context;
}

// HTTP/1.1 if the client lists it; else the handshake goes on without a word about it.
int SelectProtocol(SSL*, const unsigned char** out, unsigned char* out_size,
                   const unsigned char* offered, unsigned int offered_size, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kOurs, sizeof kOurs - 1, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

int TakeAnyCertificate(X509_STORE_CTX*, void*) { return 1; }

Result<void> UseCertificate(SSL_CTX* context, std::string_view pem) {
  const BioPtr bio = Reading(pem);
  const X509Ptr leaf(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!leaf) return FailTls("no certificate in PEM");
  if (SSL_CTX_use_certificate(context, leaf.get()) != 1) return FailTls("the certificate");
  for (;;) {
    const X509Ptr issuer(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!issuer) break;
    SSL_CTX_add1_chain_cert(context, issuer.get());
  }
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (!ended) return FailTls("a certificate behind the first");
  ERR_clear_error();
  return {};
}

Result<void> UseKey(SSL_CTX* context, std::string_view pem) {
  const BioPtr bio = Reading(pem);
  // No passphrase: the default would ask for one at the terminal.
  const auto none = [](char*, int, int, void*) { return -1; };
  const KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, none, nullptr));
  if (!key) return FailTls("no private key in PEM");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) return FailTls("the private key");
  return {};
}

WallMs EndOf(SSL_CTX* context) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(SSL_CTX_get0_certificate(context), &bytes);
  if (size < 0) return 0;
  const auto leaf = ReadCertificate({reinterpret_cast<char*>(bytes), std::size_t(size)});
  OPENSSL_free(bytes);
  return leaf ? leaf->not_after : 0;
}

}  // namespace

Result<TlsContext> ServerTlsContext(std::string_view certificate, std::string_view key,
                                    WallMs* not_after) {
  TlsContext context = NewContext(TLS_server_method());
  if (auto used = UseCertificate(context.get(), certificate); !used) {
    return std::unexpected(std::move(used.error()));
  }
  if (auto used = UseKey(context.get(), key); !used)
    return std::unexpected(std::move(used.error()));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context.get(), TakeAnyCertificate, nullptr);
  SSL_CTX_set_max_cert_list(context.get(), kMaxClientChain);
  SSL_CTX_set_session_id_context(context.get(), kSessionContext, sizeof kSessionContext - 1);
  SSL_CTX_set_alpn_select_cb(context.get(), SelectProtocol, nullptr);
  *not_after = EndOf(context.get());
  return context;
}

Result<TlsContext> ClientTlsContext(std::string_view authorities) {
  TlsContext context = NewContext(TLS_client_method());
  const BioPtr bio = Reading(authorities);
  X509_STORE* store = SSL_CTX_get_cert_store(context.get());
  int count = 0;
  for (;; ++count) {
    const X509Ptr authority(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!authority) break;
    X509_STORE_add_cert(store, authority.get());
  }
  if (count == 0) return FailTls("no certificate in PEM");
  ERR_clear_error();
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

std::shared_ptr<const CertificateChain> PeerChain(const ssl_st* connection) {
  const X509* leaf = SSL_get0_peer_certificate(connection);
  if (leaf == nullptr) return nullptr;
  auto chain = std::make_shared<CertificateChain>();
  const auto add = [&chain](const X509* certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    if (size < 0) return;
    chain->emplace_back(reinterpret_cast<char*>(bytes), std::size_t(size));
    OPENSSL_free(bytes);
  };
  add(leaf);
  // A server is told of the issuers alone.
  const STACK_OF(X509)* issuers = SSL_get_peer_cert_chain(connection);
  for (int i = 0; issuers != nullptr && i < sk_X509_num(issuers); ++i) {
    add(sk_X509_value(issuers, i));
  }
  return chain;
}

}  // namespace routerate
