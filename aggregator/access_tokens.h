// The secrets that let somebody read the HTTP port, as they are in their file now.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "base/http_message.h"
#include "base/reloaded.h"
#include "base/result.h"

namespace routerate {

// The file has a token a line, each as good as the others: with the old one and the new one in it,
// tokens are exchanged without a gap. One thread at a time.
class AccessTokens {
 public:
  // Of RFC 6750's characters: letters, digits and -._~+/=.
  static constexpr std::size_t kShortest = 16;
  static constexpr std::size_t kLongest = 4096;
  static constexpr std::size_t kMost = 16;

  // Fails when the file cannot be read, holds no token, or one that no client could send.
  static Result<AccessTokens> Load(FileSystem& files, std::string path);
  // Reads the file again. What Load would refuse changes nothing: the failure says why.
  Result<Reloaded> Reload(FileSystem& files);

  // Whether the request has one of them: "Authorization: Bearer TOKEN" (RFC 6750), or as the
  // password of any user (HTTP Basic, RFC 7617), which is what a browser can send. Takes as long
  // for a guess that is nearly right as for any other.
  bool Admit(const HttpRequest& request) const;

 private:
  using Digest = std::array<unsigned char, 32>;  // SHA-256

  explicit AccessTokens(std::string path) : path_(std::move(path)) {}
  Result<std::vector<Digest>> Parse(std::string_view text) const;
  bool Has(std::string_view token) const;
  static Digest DigestOf(std::string_view token);

  std::string path_;
  std::vector<Digest> digests_;
};

}  // namespace routerate
