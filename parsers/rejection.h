// Rejection: why a line gave no event, and where in it that became clear.
#pragma once

#include <cstddef>
#include <string_view>

namespace routerate {

// A stable name each (RejectReasonName): it is a metric's label value.
enum class RejectReason {
  kEmpty,        // nothing but white space
  kNotJson,      // a JSON format was expected and this is not JSON
  kNotCombined,  // the combined format was expected and this is not it
  kAmbiguous,    // a client's text may have been made to look like the server's
  kNoTime,       // no field holds the request's time
  kBadTime,      // there is one, in no known notation
  kBadNumber,    // status or bytes is not a number
  kUnknown,      // format auto, and no format fits
};
inline constexpr int kRejectReasonCount = 8;
std::string_view RejectReasonName(RejectReason reason);

struct Rejection {
  RejectReason reason;
  std::size_t column;  // of the byte where it became clear, 1-based; 1 when not known better
};

}  // namespace routerate
