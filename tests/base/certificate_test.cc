// Certificates made here, judged at made-up times.
#include "base/certificate.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/made_certificate.h"

using namespace routerate;

namespace {

const SystemClock kClock;

std::string Verdict(const MadeCertificate& authority, const CertificateChain& chain,
                    Millis later = Millis{0}) {
  const auto authorities = CertificateAuthorities::Parse(authority.certificate);
  REQUIRE(authorities.has_value());
  const auto verified = authorities->VerifyClient(chain, kClock.Wall() + later.count());
  return verified ? "good" : verified.error().message;
}

}  // namespace

TEST_CASE("a certificate tells its name, its organizations and its end") {
  const auto made = Issue(MakeAuthority("ca"), {.common_name = "ann", .organizations = {"a", "b"}});
  const auto read = ReadCertificate(made.der);
  REQUIRE(read.has_value());
  CHECK(read->common_name == "ann");
  CHECK(read->organizations == std::vector<std::string>{"a", "b"});
  CHECK(std::abs(read->not_after - kClock.Wall() - 3'600'000) < 60'000);
  CHECK_FALSE(ReadCertificate("garbage").has_value());
}

TEST_CASE("a name with a NUL or a line end in it is no name") {
  const auto made = Issue(MakeAuthority("ca"), {.common_name = std::string("ann\0.example", 12)});
  CHECK(ReadCertificate(made.der).error().message == "the subject holds control characters");
}

TEST_CASE("a client is vouched for by its authority alone, within its time, and for clients") {
  const auto ca = MakeAuthority("ca");
  const auto client = Issue(ca, {.common_name = "ann", .made_for = MadeFor::kClients});
  CHECK(Verdict(ca, {client.der}) == "good");
  CHECK(Verdict(ca, {Issue(ca, {.common_name = "any"}).der}) == "good");
  CHECK(Verdict(MakeAuthority("other"), {client.der}) == "unable to get local issuer certificate");
  CHECK(Verdict(MakeAuthority("ca"), {client.der}) != "good");
  CHECK(Verdict(ca, {client.der}, Millis{7'200'000}) == "certificate has expired");
  CHECK(Verdict(ca, {client.der}, Millis{-7'200'000}) == "certificate is not yet valid");
  CHECK(Verdict(ca, {Issue(ca, {.common_name = "s", .made_for = MadeFor::kServers}).der}) ==
        "unsuitable certificate purpose");
  CHECK(Verdict(ca, {}) == "no certificate");
  CHECK(Verdict(ca, {"garbage"}) == "not a certificate");
}

TEST_CASE("a chain is followed, and what is no authority signs nobody") {
  const auto root = MakeAuthority("root");
  const auto leaf_as_authority = Issue(root, {.common_name = "leaf"});
  const auto forged = Issue(leaf_as_authority, {.common_name = "front-proxy-client"});
  CHECK(Verdict(root, {forged.der, leaf_as_authority.der}) != "good");
  CHECK(Verdict(root, {forged.der, "garbage", leaf_as_authority.der}) != "good");
}

TEST_CASE("several authorities may be trusted at once") {
  const auto old_ca = MakeAuthority("ca");
  const auto new_ca = MakeAuthority("ca");
  MadeCertificate both;
  both.certificate = old_ca.certificate + "some text between\n" + new_ca.certificate;
  CHECK(Verdict(both, {Issue(old_ca, {.common_name = "x"}).der}) == "good");
  CHECK(Verdict(both, {Issue(new_ca, {.common_name = "x"}).der}) == "good");
}

TEST_CASE("authorities that cannot be read are a mistake that says so") {
  CHECK(CertificateAuthorities::Parse("").error().message == "no certificate in PEM");
  const std::string good = MakeAuthority("ca").certificate;
  CHECK(CertificateAuthorities::Parse(good + good.substr(0, good.size() / 2)).error().message ==
        "certificate 2 of the PEM text is broken");
}
