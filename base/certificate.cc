// The parts of OpenSSL that read certificates and follow chains. A chain is judged when it is used
// and not in the handshake, so that an authority that was replaced counts from the next request on.
#include "base/certificate.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>

#include "base/freed_by.h"

namespace routerate {
namespace {

constexpr int kMaxDepth = 8;  // certificates between leaf and authority: more is an attack

using X509Ptr = std::unique_ptr<X509, FreedBy<X509_free>>;
using BioPtr = std::unique_ptr<BIO, FreedBy<BIO_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, FreedBy<X509_STORE_CTX_free>>;

struct StackFree {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using StackPtr = std::unique_ptr<STACK_OF(X509), StackFree>;

X509Ptr Decoded(std::string_view der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  X509Ptr certificate(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
  ERR_clear_error();
  return certificate;
}

WallMs TimeOf(const ASN1_TIME* time) {
  std::tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return WallMs{timegm(&parts)} * 1000;
}

Result<std::string> TextOf(const X509_NAME_ENTRY* entry) {
  unsigned char* bytes = nullptr;
  const int size = ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(entry));
  if (size < 0) return Fail("the subject is no text");
  std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  // A NUL would end the name for one reader and not for another.
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::ranges::any_of(text, control)) return Fail("the subject holds control characters");
  return text;
}

Result<std::vector<std::string>> SubjectTexts(const X509* certificate, int nid) {
  const X509_NAME* name = X509_get_subject_name(certificate);
  std::vector<std::string> texts;
  for (int at = -1; (at = X509_NAME_get_index_by_NID(name, nid, at)) >= 0;) {
    auto text = TextOf(X509_NAME_get_entry(name, at));
    if (!text) return std::unexpected(std::move(text.error()));
    texts.push_back(std::move(*text));
  }
  return texts;
}

// X509_V_OK, or why the chain does not lead to what is in the store.
int Verify(X509_STORE* store, X509* leaf, STACK_OF(X509) * others, WallMs now) {
  const StoreContextPtr context(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(context.get(), store, leaf, others) != 1) return X509_V_ERR_OUT_OF_MEM;
  X509_STORE_CTX_set_default(context.get(), "ssl_client");
  X509_STORE_CTX_set_depth(context.get(), kMaxDepth);
  X509_STORE_CTX_set_time(context.get(), 0, static_cast<std::time_t>(now / 1000));
  const bool good = X509_verify_cert(context.get()) == 1;
  ERR_clear_error();
  return good ? X509_V_OK : X509_STORE_CTX_get_error(context.get());
}

}  // namespace

Result<Certificate> ReadCertificate(std::string_view der) {
  const X509Ptr x509 = Decoded(der);
  if (!x509) return Fail("not a certificate");
  auto names = SubjectTexts(x509.get(), NID_commonName);
  if (!names) return std::unexpected(std::move(names.error()));
  auto organizations = SubjectTexts(x509.get(), NID_organizationName);
  if (!organizations) return std::unexpected(std::move(organizations.error()));
  return Certificate{.common_name = names->empty() ? std::string() : std::move(names->back()),
                     .organizations = std::move(*organizations),
                     .not_before = TimeOf(X509_get0_notBefore(x509.get())),
                     .not_after = TimeOf(X509_get0_notAfter(x509.get()))};
}

Result<CertificateAuthorities> CertificateAuthorities::Parse(std::string_view pem) {
  CertificateAuthorities authorities;
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  for (;;) {
    const X509Ptr x509(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!x509) break;
    const auto& store = authorities.stores_.emplace_back(X509_STORE_new(), X509_STORE_free);
    // An authority need not have signed itself.
    X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
    X509_STORE_add_cert(store.get(), x509.get());
    const WallMs not_after = TimeOf(X509_get0_notAfter(x509.get()));
    authorities.not_after_ = std::max(authorities.not_after_, not_after);
  }
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  const std::size_t count = authorities.stores_.size();
  if (count == 0) return Fail("no certificate in PEM");
  if (!ended) return Fail(fmt::format("certificate {} of the PEM text is broken", count + 1));
  return authorities;
}

Result<void> CertificateAuthorities::VerifyClient(const CertificateChain& chain, WallMs now) const {
  if (chain.empty()) return Fail("no certificate");
  const X509Ptr leaf = Decoded(chain.front());
  if (!leaf) return Fail("not a certificate");
  const StackPtr others(sk_X509_new_null());
  for (std::size_t i = 1; i < chain.size(); ++i) {
    X509Ptr other = Decoded(chain[i]);
    if (other && sk_X509_push(others.get(), other.get()) > 0) (void)other.release();
  }
  int error = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
  for (const auto& store : stores_) {
    const int found = Verify(store.get(), leaf.get(), others.get(), now);
    if (found == X509_V_OK) return {};
    // That another authority is not the issuer tells least.
    if (found != X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY) error = found;
  }
  return Fail(X509_verify_cert_error_string(error));
}

}  // namespace routerate
