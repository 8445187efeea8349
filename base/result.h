// How a function says that the world failed it: a file that is not there, a broker that refuses, a
// configuration that is wrong. Our own bugs are RR_CHECK (check.h); bad input is an enum value of
// the parser that met it. No exception crosses one of our functions.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace routerate {

// What was tried and on what, then why not: "open /logs/a.log: permission denied". Made for a
// person to read; `code` is the errno behind it where there is one, else 0.
struct Error {
  std::string message;
  int code = 0;
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> Fail(std::string message, int code = 0) {
  return std::unexpected(Error{std::move(message), code});
}

}  // namespace routerate
