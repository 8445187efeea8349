// Where sockets and timers wait: one event loop and the one thread that runs it. Servers and
// clients of one loop never run at the same time, so what they share needs no lock.
//
//   HttpLoop loop;                                     // first, for the others borrow it
//   auto server = HttpServer::Listen(loop, options);
//   HttpThread thread(loop);                           // last: its end is the end of all calls
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "base/clock.h"

namespace boost::asio {
class io_context;
}

namespace routerate {

class HttpLoop {
 public:
  HttpLoop();
  ~HttpLoop();
  HttpLoop(const HttpLoop&) = delete;
  HttpLoop& operator=(const HttpLoop&) = delete;

  // Calls `what` on the loop's thread, soon. Any thread.
  void Post(std::function<void()> what);
  // Calls `what` on the loop's thread each `interval`. Before the loop runs, or on its thread.
  void Every(Millis interval, std::function<void()> what);

  boost::asio::io_context& io() { return *io_; }

 private:
  std::unique_ptr<boost::asio::io_context> io_;
};

// Runs a loop on a thread of its own until destroyed.
class HttpThread {
 public:
  explicit HttpThread(HttpLoop& loop);
  ~HttpThread();
  HttpThread(const HttpThread&) = delete;
  HttpThread& operator=(const HttpThread&) = delete;

 private:
  HttpLoop& loop_;
  std::jthread thread_;
};

}  // namespace routerate
