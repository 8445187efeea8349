// Tokens in their file, and the requests that hold one.
#include "aggregator/access_tokens.h"

#include <openssl/evp.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/memory_file_system.h"

namespace routerate {
namespace {

const std::string kOld = "old-0123456789abcdef";
const std::string kNew = "new-0123456789abcdef";

std::string Base64(const std::string& text) {
  std::string out(text.size() / 3 * 4 + 5, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

Result<AccessTokens> Tokens(const std::string& text) {
  MemoryFileSystem files;
  files.Overwrite("/token", text);
  return AccessTokens::Load(files, "/token");
}

bool Admits(const AccessTokens& tokens, const std::vector<std::string>& authorizations) {
  HttpRequest request;
  for (const std::string& each : authorizations) {
    request.headers.push_back({"authorization", each});
  }
  return tokens.Admit(request);
}

TEST_CASE("a token is shown as Bearer, or as anybody's password") {
  const auto tokens = Tokens(kOld + "\n");
  REQUIRE(tokens);
  for (const std::string& shown :
       {"Bearer " + kOld, "bearer " + kOld, "Bearer   " + kOld + " ", "Basic " + Base64(":" + kOld),
        "basic " + Base64("ann:" + kOld), "Basic " + Base64("ann@example.com:" + kOld)}) {
    INFO(shown);
    CHECK(Admits(*tokens, {shown}));
  }
}

TEST_CASE("whatever else is shown admits nobody") {
  const auto tokens = Tokens(kOld);
  REQUIRE(tokens);
  for (const std::string& shown : {std::string(),
                                   std::string("Bearer"),
                                   std::string("Bearer "),
                                   "Bearer" + kOld,
                                   kOld,
                                   "Bearer " + kNew,
                                   "Bearer " + kOld + "x",
                                   "Bearer " + kOld.substr(1),
                                   "Token " + kOld,
                                   "Bearer " + kOld + "," + kOld,
                                   std::string("Basic "),
                                   "Basic " + kOld,
                                   "Basic " + Base64(kOld),
                                   "Basic " + Base64(kOld + ":"),
                                   "Basic " + Base64(":x:" + kOld),
                                   std::string("Basic ===="),
                                   std::string("Basic A==="),
                                   std::string("Basic \xff\xff\xff\xff"),
                                   "Basic " + Base64(":" + kOld).substr(1),
                                   "Bearer " + kOld + std::string(1, '\0')}) {
    INFO(shown);
    CHECK_FALSE(Admits(*tokens, {shown}));
  }
  CHECK_FALSE(Admits(*tokens, {}));
  CHECK_FALSE(Admits(*tokens, {"Bearer " + kOld, "Bearer " + kOld}));
}

TEST_CASE("every padding of Basic is read") {
  const auto tokens = Tokens(kOld);
  REQUIRE(tokens);
  for (const char* user : {"", "a", "ab", "abc", "a:"}) {
    INFO(user);
    CHECK(Admits(*tokens, {"Basic " + Base64(std::string(user) + ":" + kOld)}) ==
          (std::string(user) != "a:"));  // a user's name has no colon: the rest is the password
  }
}

TEST_CASE("each line is a token, so that one can be exchanged without a gap") {
  MemoryFileSystem files;
  files.Overwrite("/token", kOld);
  auto tokens = AccessTokens::Load(files, "/token");
  REQUIRE(tokens);
  CHECK(tokens->Reload(files) == Reloaded::kSame);
  files.Overwrite("/token", kOld + "\r\n\n  " + kNew + "  \n");
  CHECK(tokens->Reload(files) == Reloaded::kNew);
  CHECK(Admits(*tokens, {"Bearer " + kOld}));
  CHECK(Admits(*tokens, {"Bearer " + kNew}));
  files.Overwrite("/token", kNew);
  CHECK(tokens->Reload(files) == Reloaded::kNew);
  CHECK_FALSE(Admits(*tokens, {"Bearer " + kOld}));
}

TEST_CASE("a file that went, or holds nothing of use, changes nothing") {
  MemoryFileSystem files;
  files.Overwrite("/token", kOld);
  auto tokens = AccessTokens::Load(files, "/token");
  REQUIRE(tokens);
  files.Truncate("/token");
  CHECK_FALSE(tokens->Reload(files));
  REQUIRE(files.Remove("/token"));
  CHECK_FALSE(tokens->Reload(files));
  CHECK(Admits(*tokens, {"Bearer " + kOld}));
}

TEST_CASE("a file without a token that could be sent is refused with the remedy") {
  struct Case {
    std::string text, message;
  };
  const std::vector<Case> cases = {
      {"", "/token holds no token; `openssl rand -hex 32` makes one"},
      {" \n\r\n", "/token holds no token"},
      {"short\n", "/token:1: a token is 16 to 4096 letters, digits and -._~+/=, one a line"},
      {kOld + "\n\ntwo words in one line\n", "/token:3: a token is"},
      {kOld + "\xC3\xA4", "/token:1: a token is"},
      {std::string(5'000, 'x'), "/token:1: a token is"},
  };
  for (const Case& c : cases) {
    const auto tokens = Tokens(c.text);
    REQUIRE_FALSE(tokens);
    CHECK_THAT(tokens.error().message, Catch::StartsWith(c.message));
  }
  std::string many;
  for (int i = 0; i < 17; ++i) many += kOld + "\n";
  CHECK(Tokens(many).error().message == "/token: 16 tokens at most");
}

}  // namespace
}  // namespace routerate
