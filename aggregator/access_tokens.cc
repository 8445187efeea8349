// Digests are kept and compared, not tokens: they have one length, and a core dump tells nothing.
#include "aggregator/access_tokens.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace routerate {
namespace {

bool OfTokenCharacters(std::string_view text) {
  return text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=") ==
         std::string_view::npos;
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t begin = std::min(text.find_first_not_of(kBlank), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

// What follows "SCHEME " in a header's value; the scheme in any case.
std::optional<std::string_view> CredentialsOf(std::string_view value, std::string_view scheme) {
  if (value.size() <= scheme.size() || value[scheme.size()] != ' ') return std::nullopt;
  if (!SameHeader(value.substr(0, scheme.size()), scheme)) return std::nullopt;
  return Trimmed(value.substr(scheme.size()));
}

// Empty for what is no base64 with its padding.
std::string Base64Decoded(std::string_view text) {
  if (text.size() % 4 != 0 || !OfTokenCharacters(text)) return {};
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  const auto padding = static_cast<std::size_t>(text.ends_with("==") ? 2 : text.ends_with('='));
  if (size < 0 || static_cast<std::size_t>(size) < padding) return {};
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

}  // namespace

AccessTokens::Digest AccessTokens::DigestOf(std::string_view token) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return digest;
}

Result<std::vector<AccessTokens::Digest>> AccessTokens::Parse(std::string_view text) const {
  std::vector<Digest> digests;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view token = Trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (token.empty()) continue;
    if (token.size() < kShortest || token.size() > kLongest || !OfTokenCharacters(token)) {
      return Fail(fmt::format(
          "{}:{}: a token is {} to {} letters, digits and -._~+/=, one a line; `openssl rand -hex "
          "32` makes one",
          path_, line, kShortest, kLongest));
    }
    digests.push_back(DigestOf(token));
  }
  if (digests.empty()) {
    return Fail(fmt::format("{} holds no token; `openssl rand -hex 32` makes one", path_));
  }
  if (digests.size() > kMost) return Fail(fmt::format("{}: {} tokens at most", path_, kMost));
  return digests;
}

Result<AccessTokens> AccessTokens::Load(FileSystem& files, std::string path) {
  AccessTokens tokens(std::move(path));
  if (auto loaded = tokens.Reload(files); !loaded) {
    return std::unexpected(std::move(loaded.error()));
  }
  return tokens;
}

Result<Reloaded> AccessTokens::Reload(FileSystem& files) {
  const auto text = files.ReadWhole(path_);
  if (!text) return std::unexpected(text.error());
  auto digests = Parse(*text);
  if (!digests) return std::unexpected(std::move(digests.error()));
  if (*digests == digests_) return Reloaded::kSame;
  digests_ = std::move(*digests);
  return Reloaded::kNew;
}

bool AccessTokens::Has(std::string_view token) const {
  const Digest digest = DigestOf(token);
  int found = 0;
  for (const Digest& each : digests_) {
    found |= static_cast<int>(CRYPTO_memcmp(each.data(), digest.data(), digest.size()) == 0);
  }
  return found != 0;
}

bool AccessTokens::Admit(const HttpRequest& request) const {
  const auto values = request.Values("Authorization");
  if (values.size() != 1) return false;  // of two nobody knows which one is meant
  if (const auto token = CredentialsOf(values.front(), "Bearer")) return Has(*token);
  const auto basic = CredentialsOf(values.front(), "Basic");
  if (!basic) return false;
  const std::string pair = Base64Decoded(*basic);
  const std::size_t colon = pair.find(':');
  return colon != std::string::npos && Has(std::string_view(pair).substr(colon + 1));
}

}  // namespace routerate
