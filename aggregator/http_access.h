// Who may read the HTTP port, and how much: routes around the one that answers. /healthz and
// /readyz are for everybody at any time, for the kubelet has neither token nor patience.
#pragma once

#include <cstdint>

#include "aggregator/access_tokens.h"
#include "base/clock.h"
#include "base/http_routes.h"

namespace routerate {

// 401 for whom `tokens`, which it borrows, does not admit. It asks for a Bearer token and for
// Basic, which makes a browser ask its user.
HttpRoute WithToken(const AccessTokens& tokens, HttpRoute route);

// 400 for what is no UTF-8, percent-decoded: no name holds it, and an answer that quotes it would
// be no text.
HttpRoute WithUtf8(HttpRoute route);

// 429 with Retry-After for a client, by its address, that asks for more than `per_second` requests
// a second, or kClientBurst at once. What takes the loop's one thread for longer than kRequestTakes
// counts as several requests, and so do pieces of a stream, which are left out where there is no
// room for them. Hence a client that asks for much, or for what is hard to answer, has a share of
// the thread, and others theirs. /metrics has a limit of its own, lest whoever looks at pages from
// its scraper's address makes holes into graphs. Borrows the clock.
inline constexpr Millis kRequestTakes{5};
inline constexpr Millis kClientBurst{5'000};  // so many seconds' requests
HttpRoute WithClientLimit(const Clock& clock, std::uint64_t per_second, HttpRoute route);

}  // namespace routerate
