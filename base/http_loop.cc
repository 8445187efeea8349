// An io_context and its thread.
#include "base/http_loop.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace routerate {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> Repeat(Millis interval, std::function<void()> what) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (;;) {
    timer.expires_after(interval);
    co_await timer.async_wait(asio::use_awaitable);
    what();
  }
}

}  // namespace

HttpLoop::HttpLoop() : io_(std::make_unique<asio::io_context>(1)) {}
HttpLoop::~HttpLoop() = default;

void HttpLoop::Post(std::function<void()> what) { asio::post(*io_, std::move(what)); }

void HttpLoop::Every(Millis interval, std::function<void()> what) {
  asio::co_spawn(*io_, Repeat(interval, std::move(what)), asio::detached);
}

HttpThread::HttpThread(HttpLoop& loop) : loop_(loop) {
  loop.io().restart();  // a thread before this one may have stopped it
  thread_ = std::jthread([&loop] {
    const auto work = asio::make_work_guard(loop.io());
    loop.io().run();
  });
}

HttpThread::~HttpThread() { loop_.io().stop(); }

}  // namespace routerate
