// OpenSSL's way to a certificate: a key, names, dates, extensions, a signature.
#include "tests/made_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <random>

#include "base/check.h"
#include "base/freed_by.h"

namespace routerate {
namespace {

using X509Ptr = std::unique_ptr<X509, FreedBy<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, FreedBy<BIO_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreedBy<X509_EXTENSION_free>>;

std::string TextIn(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

BioPtr Reading(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

void AddName(X509_NAME* name, const char* field, const std::string& value) {
  RR_CHECK(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(value.data()),
                                      static_cast<int>(value.size()), -1, 0) == 1);
}

void AddExtension(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  RR_CHECK(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

X509Ptr Blank(EVP_PKEY* key, const CertificateWish& wish) {
  X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  std::random_device random;
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), random());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wish.begins.count() / 1000);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.ends.count() / 1000);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  for (const std::string& each : wish.organizations) AddName(name, "O", each);
  if (!wish.common_name.empty()) AddName(name, "CN", wish.common_name);
  return certificate;
}

MadeCertificate Sealed(X509* certificate, EVP_PKEY* key, EVP_PKEY* signer) {
  RR_CHECK(X509_sign(certificate, signer, EVP_sha256()) > 0);
  const BioPtr pem(BIO_new(BIO_s_mem()));
  const BioPtr key_pem(BIO_new(BIO_s_mem()));
  const BioPtr der(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(pem.get(), certificate);
  PEM_write_bio_PrivateKey(key_pem.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  i2d_X509_bio(der.get(), certificate);
  return {TextIn(pem.get()), TextIn(key_pem.get()), TextIn(der.get())};
}

}  // namespace

MadeCertificate MakeAuthority(const std::string& common_name) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr certificate = Blank(key.get(), {.common_name = common_name});
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  AddExtension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  AddExtension(certificate.get(), NID_subject_key_identifier, "hash");
  return Sealed(certificate.get(), key.get(), key.get());
}

MadeCertificate Issue(const MadeCertificate& authority, const CertificateWish& wish) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr certificate = Blank(key.get(), wish);
  const X509Ptr issuer(
      PEM_read_bio_X509(Reading(authority.certificate).get(), nullptr, nullptr, nullptr));
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  if (!wish.names.empty()) AddExtension(certificate.get(), NID_subject_alt_name, wish.names);
  if (wish.made_for != MadeFor::kAnything) {
    AddExtension(certificate.get(), NID_ext_key_usage,
                 wish.made_for == MadeFor::kServers ? "serverAuth" : "clientAuth");
  }
  const KeyPtr signer(
      PEM_read_bio_PrivateKey(Reading(authority.key).get(), nullptr, nullptr, nullptr));
  return Sealed(certificate.get(), key.get(), signer.get());
}

}  // namespace routerate
