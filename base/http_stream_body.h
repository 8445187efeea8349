// Writes an HttpStream as the body of a response, until the client leaves, does not read any more,
// or the stream ends.
//
// A stream is one coroutine that asks for a piece, writes it, and waits for the next time: there is
// no queue that could grow. Between pieces no deadline runs, and what the client sends is looked at
// only to see whether it has left.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "base/http_session.h"
#include "base/http_streams.h"

namespace routerate {

enum class Framing { kChunked, kUntilClosed };  // HTTP/1.1 and 1.0

template <typename Stream>
class HttpStreamBody {
 public:
  // Borrows all of them.
  HttpStreamBody(Stream& stream, HttpShared& shared, HttpPeer& peer, const HttpStream& body,
                 Framing framing)
      : stream_(stream),
        shared_(shared),
        peer_(peer),
        body_(body),
        framing_(framing),
        timer_(stream.get_executor()) {}

  // Whether it came to its end, all of it written.
  boost::asio::awaitable<bool> Write() {
    while (const auto piece = body_.next()) {
      if (!piece->empty() && !co_await WritePiece(*piece)) co_return false;
      if (!co_await NextTime()) co_return false;
    }
    if (framing_ == Framing::kUntilClosed) co_return true;
    co_return co_await WriteBuffers(boost::beast::http::make_chunk_last());
  }

 private:
  using Steady = boost::asio::steady_timer::clock_type;

  boost::asio::awaitable<bool> WritePiece(const std::string& piece) {
    const HttpTaking taking(shared_, peer_, piece);
    const auto bytes = boost::asio::buffer(piece);
    if (framing_ == Framing::kUntilClosed) co_return co_await WriteBuffers(bytes);
    co_return co_await WriteBuffers(boost::beast::http::make_chunk(bytes));
  }

  template <typename Buffers>
  boost::asio::awaitable<bool> WriteBuffers(Buffers buffers) {
    boost::beast::error_code error;
    peer_.waiting_since = Steady::now();
    peer_.tcp.expires_after(shared_.limits.piece);
    co_await boost::asio::async_write(stream_, buffers, Into(error));
    peer_.waiting_since.reset();
    co_return !error;
  }

  // Whether the client is still there when it is time.
  boost::asio::awaitable<bool> NextTime() {
    using namespace boost::asio::experimental::awaitable_operators;
    const auto now = Steady::now().time_since_epoch();
    timer_.expires_at(Steady::time_point((now / body_.every + 1) * Steady::duration(body_.every)));
    boost::beast::error_code timer_error;
    boost::beast::error_code read_error;
    auto& socket = peer_.tcp.socket();
    if (!client_spoke_) {
      co_await (timer_.async_wait(Into(timer_error)) ||
                socket.async_wait(socket.wait_read, Into(read_error)));
      if (Steady::now() >= timer_.expiry()) co_return true;
      if (!StillThere()) co_return false;
      client_spoke_ = true;
    }
    co_await timer_.async_wait(Into(timer_error));
    co_return true;
  }

  // Of a socket that can be read: bytes are a next request, which is forgotten with the connection;
  // none mean that the client has closed.
  bool StillThere() {
    boost::beast::error_code error;
    return peer_.tcp.socket().available(error) > 0 && !error;
  }

  Stream& stream_;
  HttpShared& shared_;
  HttpPeer& peer_;
  const HttpStream& body_;
  Framing framing_;
  boost::asio::steady_timer timer_;
  bool client_spoke_ = false;
};

}  // namespace routerate
