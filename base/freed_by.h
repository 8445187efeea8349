// Objects of C libraries that std::unique_ptr gives back: std::unique_ptr<X, FreedBy<X_free>>.
#pragma once

namespace routerate {

template <auto free>
struct FreedBy {
  template <typename T>
  void operator()(T* object) const {
    free(object);
  }
};

}  // namespace routerate
