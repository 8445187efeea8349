// Asio frees a context that it is given: it gets a reference to free.
#include "base/http_streams.h"

#include <openssl/ssl.h>

namespace routerate {

boost::asio::ssl::context SharedContext(const TlsContext& context) {
  SSL_CTX_up_ref(context.get());
  return boost::asio::ssl::context(context.get());
}

}  // namespace routerate
