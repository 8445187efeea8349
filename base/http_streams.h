// What server and client have in common below HTTP: streams over TLS, and errors as values in
// coroutines.
#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "base/tls_context.h"

namespace routerate {

using TlsStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

// A completion token: the coroutine goes on in any case, and looks at `error`.
inline auto Into(boost::beast::error_code& error) {
  return boost::asio::redirect_error(boost::asio::use_awaitable, error);
}

// Asio's view of a context, of which it holds a reference of its own.
boost::asio::ssl::context SharedContext(const TlsContext& context);

}  // namespace routerate
