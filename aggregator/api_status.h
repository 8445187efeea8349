// How Kubernetes' API servers say that they have no answer: metav1.Status as JSON (apimachinery
// pkg/apis/meta/v1/types.go). The HTTP status is the object's `code`.
#pragma once

#include <string>
#include <string_view>

#include "base/http_message.h"

namespace routerate {

// Why there is no answer.
struct ApiError {
  int code = 0;         // HTTP
  std::string message;  // as ApiStatus takes it
};

// `code` is 400 or more; its `reason` follows from it. `message` is what `kubectl describe hpa`
// shows to a person, so it says what is wrong and where to look.
HttpResponse ApiStatus(int code, std::string_view message);

}  // namespace routerate
