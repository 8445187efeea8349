// X.509 certificates as values: what one says, and whether a chain leads to an authority. OpenSSL
// does the work; no type of its is seen here.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

struct x509_store_st;

namespace routerate {

// Certificates in DER, the leaf first, each followed by its issuer as far as the peer sent it.
using CertificateChain = std::vector<std::string>;

struct Certificate {
  std::string common_name;                 // the last CN of the subject, as Go takes it; may be ""
  std::vector<std::string> organizations;  // every O of the subject
  WallMs not_before = 0;
  WallMs not_after = 0;
};

// Fails for what is no certificate, and for a name that holds control characters.
Result<Certificate> ReadCertificate(std::string_view der);

// Certificates that are trusted to sign others. Never changed once made; any thread.
class CertificateAuthorities {
 public:
  // `pem` holds one certificate or several.
  static Result<CertificateAuthorities> Parse(std::string_view pem);

  // Whether the chain's leaf is a client's certificate (extended key usage, if there is one, allows
  // clientAuth) that one of the authorities vouches for at `now`. A certificate that is itself
  // among the authorities is vouched for, whether it signed itself or not. The failure says why
  // not.
  Result<void> VerifyClient(const CertificateChain& chain, WallMs now) const;

  WallMs not_after() const { return not_after_; }  // of the one that lasts longest

 private:
  // One each: of several with one name, as a rotation leaves them, OpenSSL would try the first.
  std::vector<std::shared_ptr<x509_store_st>> stores_;
  WallMs not_after_ = 0;
};

}  // namespace routerate
