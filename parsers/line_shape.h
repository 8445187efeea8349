// LineShape: what a server writes around its values: the keys, their order, the punctuation. It is
// learnt from one line and serves twice: to know the next line's keys at sight, and to take a line
// apart whose texts are not escaped.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/json_walk.h"
#include "parsers/key_table.h"
#include "parsers/log_fields.h"

namespace routerate {

class LineShape {
 public:
  static constexpr std::size_t kMostKeys = 128;

  LineShape() = default;  // no keys: expects nothing, splits nothing

  // Becomes the shape of a line of JSON; without keys for a line that is none, or has too many.
  // Memory is used again. `line` has kLinePadding readable bytes behind it.
  void Learn(std::string_view line, const KeyTable& keys);

  // The same with other meanings of the keys.
  LineShape(const LineShape& other, const KeyTable& keys);

  std::size_t size() const { return parts_.size(); }
  LogField field(std::size_t index) const { return parts_[index].field; }

  // Fills `fields` from a line of JSON without objects in it, if it has this shape's keys in this
  // shape's order and no white space around them. False, with some of `fields` filled, if not.
  // `line` has kLinePadding readable bytes behind it.
  bool Read(std::string_view line, JsonStructure structure, LogFields* fields) const;

  enum class Outcome {
    kNot,        // the line is not of this shape
    kSplit,      // every field is right or absent
    kSplitBare,  // ... and a text holds what separates texts: nothing escapes them
    kAmbiguous,  // the request, its time or its status cannot be told from a client's text
  };
  // Fills `fields` (empty ones) with the texts between the keys, as they stand in the line. What is
  // certain about where a text ends, and what is done when it is not: see line_shape.cc.
  Outcome Split(std::string_view line, LogFields* fields) const;

  // For the line that this was learnt from, when nothing else is known of its server: a key that
  // is there twice may be a client's, and so may be its first place, if that is behind a text of
  // the client's. Makes such fields absent; kAmbiguous as above.
  bool HasRepeatedKey() const;
  Outcome ForgetRepeated(LogFields* fields) const;

 private:
  friend class ShapeSplitter;

  // A key's first bytes as machine words, and which bits of them are the key's.
  struct KeyWords {
    KeyWords() = default;
    explicit KeyWords(std::string_view key);
    // Whether the 16 bytes at `text` begin with the key's first 16.
    bool Match(const char* text) const {
      std::uint64_t first = 0;
      std::uint64_t second = 0;
      std::memcpy(&first, text, sizeof(first));
      std::memcpy(&second, text + sizeof(first), sizeof(second));
      return (((first ^ low) & low_mask) | ((second ^ high) & high_mask)) == 0;
    }
    static constexpr std::size_t kBytes = 16;

    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::uint64_t low_mask = 0;
    std::uint64_t high_mask = 0;
  };

  struct Part {
    KeyWords words;
    std::uint32_t key_begin = 0;  // in text_
    std::uint32_t key_size = 0;
    std::uint32_t literal_begin = 0;  // what stands between the value before and this one
    std::uint32_t literal_size = 0;
    LogField field = LogField::kNone;
    LogField slot = LogField::kNone;  // field, or kNone if a part before has the same
    Quotes quotes = Quotes::kBoth;
  };

  bool IsKey(const Part& part, const char* text) const {
    return part.words.Match(text) && (part.key_size <= KeyWords::kBytes ||
                                      Key(part) == std::string_view(text, part.key_size));
  }
  void Mean(LogField field, Part* part);
  bool IsRepeated(const Part& part) const;
  std::string_view Key(const Part& part) const {
    return std::string_view(text_).substr(part.key_begin, part.key_size);
  }
  std::string_view Literal(std::size_t index) const {
    const Part& part = parts_[index];
    return std::string_view(text_).substr(part.literal_begin, part.literal_size);
  }

  std::vector<Part> parts_;
  std::string text_;  // the line that was learnt, without its values
  std::string tail_;  // what stands behind the last value
};

// Whether `text` may stand between quotes in JSON: bare quotes, backslashes that escape nothing and
// control bytes show a server that does not escape.
bool IsJsonText(std::string_view text);

}  // namespace routerate
