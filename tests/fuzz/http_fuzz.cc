// What a client sends to an HTTP server, as bytes over a connection: requests that are broken,
// halved, several at once. Each is answered with a status that blames the client or nobody, and the
// connection ends soon after the client's last byte. Server and client run on one thread, so that
// an input does the same each time.
#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/http_server.h"
#include "tests/fuzz/checked_event.h"

namespace routerate {
namespace {

using tcp = boost::asio::ip::tcp;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{5};
// Pages say nothing of what was asked for, so that a status line is the server's own.
constexpr std::array<std::string_view, 6> kStatuses = {"200", "400", "404", "405", "413", "431"};

class Served {
 public:
  Served() {
    const auto once = [](const HttpRequest&) { return HttpResponse{.body = "once"}; };
    const auto later = [this](const std::shared_ptr<const HttpRequest>&, const HttpDone& done) {
      loop_.Post([done] { done({.body = "later"}); });
    };
    const auto stream = [](const HttpRequest&) {
      const auto next = [left = 3]() mutable {
        return left-- > 0 ? std::make_shared<const std::string>("piece") : nullptr;
      };
      return HttpResponse{.stream = HttpStream{.every = Millis{1}, .next = next}};
    };
    auto server = HttpServer::Listen(
        loop_, {.listen = "127.0.0.1:0",
                .route = ByPath({{"/", once}, {"/l", later}, {"/s", stream}, {"/below/", once}})});
    Promise(server.has_value(), "a port is free", "");
    server_ = std::move(*server);
  }

  // All that the server says to a client that sends `bytes` and nothing more.
  std::string Exchange(std::string_view bytes) {
    tcp::socket client(loop_.io());
    Send(client, bytes);
    std::string said;
    bool closed = false;
    Read(client, &said, &closed);
    const auto deadline = Steady::now() + kPatience;
    while (!closed && Steady::now() < deadline) loop_.io().run_one_for(kPatience);
    Promise(closed, "a connection ends when its client has said all", bytes);
    while (server_->counts().open > 0 && Steady::now() < deadline)
      loop_.io().run_one_for(kPatience);
    Promise(server_->counts().open == 0, "nothing is left of a connection", bytes);
    return said;
  }

 private:
  // The fuzzer's own alarm may interrupt the call, and then the connection is made all the same.
  void Send(tcp::socket& client, std::string_view bytes) {
    boost::system::error_code error;
    client.connect({boost::asio::ip::address_v4::loopback(), server_->port()}, error);
    if (error == boost::asio::error::interrupted) client.wait(tcp::socket::wait_write, error);
    if (!error)
      boost::asio::write(client, boost::asio::buffer(bytes), error);  // the kernel has room
    if (!error) client.shutdown(tcp::socket::shutdown_send, error);
    Promise(!error, "a server takes connections", error.message());
  }

  void Read(tcp::socket& client, std::string* said, bool* closed) {
    client.async_read_some(boost::asio::buffer(buffer_),
                           [&client, said, closed, this](const auto& error, std::size_t read) {
                             said->append(buffer_.data(), read);
                             *closed = bool(error);
                             if (!error) Read(client, said, closed);
                           });
  }

  HttpLoop loop_;
  std::unique_ptr<HttpServer> server_;
  std::array<char, 4096> buffer_;
};

void Check(std::string_view bytes) {
  static Served served;
  const std::string said = served.Exchange(bytes);
  constexpr std::string_view kStatusLine = "HTTP/1.";
  Promise(said.empty() || said.starts_with(kStatusLine), "an answer begins with a status", bytes);
  for (std::size_t at = said.find(kStatusLine); at != std::string::npos;
       at = said.find(kStatusLine, at + 1)) {
    const std::string_view status = std::string_view(said).substr(at + kStatusLine.size() + 2, 3);
    Promise(std::ranges::find(kStatuses, status) != kStatuses.end(),
            "a client's mistake is no failure of the server", said);
  }
}

}  // namespace
}  // namespace routerate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  routerate::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
