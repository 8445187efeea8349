// What OpenSSL needs to speak TLS, made of PEM texts: TLS 1.2 and up, no resumption, no
// renegotiation. A context is never changed once made: what is new gets a new one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/certificate.h"
#include "base/clock.h"
#include "base/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace routerate {

using TlsContext = std::shared_ptr<ssl_ctx_st>;

// A server's side: shows `certificate` (the leaf first, then what leads to its authority), speaks
// http/1.1, asks clients for certificates without demanding one. Fails when the two are broken or
// do not belong together; `not_after` becomes the leaf's.
Result<TlsContext> ServerTlsContext(std::string_view certificate, std::string_view key,
                                    WallMs* not_after);

// A client's side: trusts the authorities in `authorities` and no others. The connection says which
// host it expects.
Result<TlsContext> ClientTlsContext(std::string_view authorities);

// What the peer showed in a handshake that is over; nullptr if nothing.
std::shared_ptr<const CertificateChain> PeerChain(const ssl_st* connection);

}  // namespace routerate
