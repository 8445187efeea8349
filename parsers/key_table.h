// KeyTable: which field a JSON key is, found with one short hash.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "parsers/log_field.h"

namespace routerate {

struct KeyName {
  std::string_view key;
  LogField field;
};

// At most kSlots - 1 keys, none empty. Points into the keys' text.
class KeyTable {
 public:
  template <std::size_t N>
  constexpr explicit KeyTable(const KeyName (&names)[N]) {
    static_assert(N <= kSlots / 2);
    for (const KeyName& name : names) Set(name);
  }

  // A key that is there already takes the new meaning.
  constexpr void Set(KeyName name) {
    std::size_t slot = SlotOf(name.key);
    while (!slots_[slot].key.empty() && slots_[slot].key != name.key) slot = Next(slot);
    slots_[slot] = name;
  }

  // Of a key in the object that stands under `owner`; empty: in the line's own. Of objects in the
  // line, only the request's headers mean something (tomcat's JsonAccessLogValve).
  constexpr LogField FindIn(std::string_view owner, std::string_view key) const {
    return owner.empty() || owner == "requestHeaders" ? Find(key) : LogField::kNone;
  }

  // kNone for a key that is not in the table.
  constexpr LogField Find(std::string_view key) const {
    if (key.empty()) return LogField::kNone;
    for (std::size_t slot = SlotOf(key); !slots_[slot].key.empty(); slot = Next(slot)) {
      if (slots_[slot].key == key) return slots_[slot].field;
    }
    return LogField::kNone;
  }

 private:
  static constexpr std::size_t kSlots = 128;

  static constexpr std::size_t SlotOf(std::string_view key) {
    const auto byte = [key](std::size_t i) { return static_cast<std::uint8_t>(key[i]); };
    return (key.size() * 5 + byte(0) * 3u + byte(key.size() - 1) * 7u + byte(key.size() / 2)) %
           kSlots;
  }
  static constexpr std::size_t Next(std::size_t slot) { return (slot + 1) % kSlots; }

  std::array<KeyName, kSlots> slots_{};
};

}  // namespace routerate
