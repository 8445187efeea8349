// One connection of an HttpServer, from its handshake to its end: read a request, have it answered,
// write the response, again.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/http_server.h"

namespace routerate {

// A connection as others see it.
struct HttpPeer {
  boost::beast::tcp_stream& tcp;
  // Since when nothing goes on but for the peer: it is silent, or sends or takes bytes slowly.
  // nullopt: a request is being answered.
  std::optional<std::chrono::steady_clock::time_point> waiting_since;
  const std::string* taking = nullptr;  // the body or piece that is written to it
};

// What the connections of a server have in common.
struct HttpShared {
  boost::asio::io_context& io;
  HttpRoute route;
  std::function<HttpResponse(int status, std::string_view why)> refuse;
  HttpLimits limits;
  HttpServerCounts counts;
  std::list<HttpPeer*> peers;
  std::map<const std::string*, std::size_t> unsent;  // by how many peers each is taken
  std::size_t unsent_bytes = 0;

  // Whether there is room for one more connection; closes the one that has waited for longest if
  // that makes it.
  bool MakeRoom();
  // `peer` begins to take `bytes`, for which others may be closed, and is done with them.
  void BeginTaking(HttpPeer* peer, const std::string& bytes);
  void EndTaking(HttpPeer* peer);

 private:
  template <typename Fits>
  HttpPeer* LongestWaiting(Fits fits) const;
  void Evict(HttpPeer* peer);
};

// BeginTaking to EndTaking.
class HttpTaking {
 public:
  HttpTaking(HttpShared& shared, HttpPeer& peer, const std::string& bytes)
      : shared_(shared), peer_(peer) {
    shared_.BeginTaking(&peer_, bytes);
  }
  ~HttpTaking() { shared_.EndTaking(&peer_); }
  HttpTaking(const HttpTaking&) = delete;
  HttpTaking& operator=(const HttpTaking&) = delete;

 private:
  HttpShared& shared_;
  HttpPeer& peer_;
};

// Each takes a connection that was just accepted, and ends with it.
boost::asio::awaitable<void> ServePlain(boost::asio::ip::tcp::socket socket,
                                        std::shared_ptr<HttpShared> shared);
boost::asio::awaitable<void> ServeTls(boost::asio::ip::tcp::socket socket, TlsContext context,
                                      std::shared_ptr<HttpShared> shared);

}  // namespace routerate
