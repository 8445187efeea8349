// Certificates made for a test: authorities, and what they vouch for.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"

namespace routerate {

struct MadeCertificate {
  std::string certificate;  // PEM
  std::string key;          // PEM
  std::string der;          // the certificate again
};

enum class MadeFor { kServers, kClients, kAnything };

struct CertificateWish {
  std::string common_name;
  std::vector<std::string> organizations = {};
  std::string names = {};  // "DNS:localhost,IP:127.0.0.1"; empty: none
  MadeFor made_for = MadeFor::kAnything;
  Millis begins{-3'600'000};  // from now
  Millis ends{3'600'000};     // from now
};

MadeCertificate MakeAuthority(const std::string& common_name);
MadeCertificate Issue(const MadeCertificate& authority, const CertificateWish& wish);

}  // namespace routerate
