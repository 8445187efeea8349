// GETs of one server named by a URL, for the program's own commands.
#pragma once

#include <memory>
#include <string>

#include "base/file_system.h"
#include "base/http_loop.h"
#include "base/http_message.h"
#include "base/result.h"

namespace routerate {

class HttpClient;

struct UrlAccess {
  std::string ca_file;     // PEM: who may vouch for servers over https; required for them
  std::string token_file;  // a bearer token, sent over https and never in the clear; empty: none
};

class UrlClient {
 public:
  // `url` is http://HOST[:PORT][/PATH] or https://...; files are read here and not again. Asks
  // nobody. Borrows the loop.
  static Result<UrlClient> Create(FileSystem& files, HttpLoop& loop, const std::string& url,
                                  const UrlAccess& access);
  ~UrlClient();  // while the loop does not run
  UrlClient(UrlClient&& other) noexcept;

  const std::string& path() const { return path_; }  // of the URL, with its query
  // Waits for the answer, 5 s at most. Not on the loop's thread.
  Result<HttpResponse> Get(const std::string& path);

 private:
  UrlClient(HttpLoop& loop, std::unique_ptr<HttpClient> http, std::string path,
            HttpHeaders headers);

  HttpLoop& loop_;
  std::unique_ptr<HttpClient> http_;
  std::string path_;
  HttpHeaders headers_;
};

}  // namespace routerate
