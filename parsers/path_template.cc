// Routes, step 3: a path that no rule names becomes a template. Each segment is cut into words,
// values and punctuation; values are replaced, words and punctuation stay. A template goes through
// unchanged, since its placeholders are read as such: this is what makes the result stable when it
// is fed back (a log written by a proxy that templates already).
#include "parsers/path_template.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "parsers/date_text.h"
#include "parsers/file_type.h"
#include "parsers/request_path.h"
#include "parsers/varying_text.h"

namespace routerate {
namespace {

constexpr std::string_view kId = "{id}";
constexpr std::string_view kUuid = "{uuid}";
constexpr std::string_view kDate = "{date}";
constexpr std::string_view kEmail = "{email}";
constexpr std::string_view kToken = "{token}";
constexpr std::string_view kFile = "{file}";
constexpr std::string_view kText = "{text}";
constexpr std::array kPlaceholders = {kId, kUuid, kDate, kEmail, kToken, kFile, kText};
constexpr std::string_view kRest = "/**";

// A shorter run of digits inside a word is part of a name: v1, oauth2, sha256.
constexpr std::size_t kLeastDigitRun = 4;

// A shorter number in the name of a script is its version, or a part's.
constexpr std::size_t kLeastDigestDigits = 6;

// No name and no value is longer: who sends one wants to see what it costs.
constexpr std::size_t kMostJudgedBytes = 512;

// A short word of lower-case letters: what most segments are, and what nothing below would replace.
bool IsPlainName(std::string_view segment) {
  constexpr std::size_t kMaxLength = 15;
  if (segment.size() > kMaxLength) return false;
  return std::ranges::all_of(segment,
                             [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || c == '_'; });
}

// The placeholder that `text` begins with; empty: none.
std::string_view PlaceholderAt(std::string_view text) {
  for (const std::string_view placeholder : kPlaceholders) {
    if (text.starts_with(placeholder)) return placeholder;
  }
  return {};
}

// "order-75cae121-e817-471a-b4c4-9da1d89cbd80": known in more detail than by its randomness.
bool HoldsUuid(std::string_view part) {
  for (std::size_t dash = part.find('-'); dash != std::string_view::npos;
       dash = part.find('-', dash + 1)) {
    if (UuidLength(part.substr(dash + 1)) > 0) return true;
  }
  return false;
}

// "index-5b1e77a0c2d4e6f8", "_app-...": a name that a digest follows.
bool BeginsWithName(std::string_view part) {
  constexpr std::size_t kLeastLength = 3;
  part.remove_prefix(std::min(part.size(), part.find_first_not_of("-_")));
  const std::string_view word = part.substr(0, part.find_first_of("-_"));
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return word.size() >= kLeastLength && word.size() < part.size() &&
         std::ranges::all_of(word, lower);
}

// Writes one segment's template to the end of a string.
class SegmentWriter {
 public:
  SegmentWriter(std::string_view segment, std::string* out)
      : segment_(segment),
        extension_(FileExtension(segment)),
        type_(FileTypeOf(extension_)),
        out_(out),
        start_(out->size()) {}

  void Write() {
    if (IsPlainName(segment_)) {
      out_->append(segment_);
      return;
    }
    if (AllDigits(segment_)) {
      out_->append(kId);
      return;
    }
    if (type_ == FileType::kMedia) return WriteMediaFile();
    if (segment_.size() > kMostJudgedBytes) {
      out_->append(kText).append(extension_);
      return;
    }
    const std::string_view whole = PlaceholderOfWhole();
    if (!whole.empty()) {
      out_->append(whole);
    } else if (segment_.find('%') != std::string_view::npos || !WritePieces() ||
               out_->size() - start_ > kMaxNameBytes) {
      out_->resize(start_);
      out_->append(kText).append(extension_);
    }
  }

 private:
  // Image sets are as large as catalogues; the family is the folder's and the extension's.
  void WriteMediaFile() {
    out_->append(kFile);
    for (const char c : extension_) {
      out_->push_back(AsciiLower(c));
    }
  }

  // What only a whole segment can be; empty: none of it.
  std::string_view PlaceholderOfWhole() const {
    if (IsEmail(segment_)) return kEmail;
    if (IsHardwareOrIpv6Address(segment_)) return kId;
    // Pieces are dates too; this is for the one with an encoded space.
    if (DateLength(segment_) == segment_.size()) return kDate;
    return {};
  }

  // False: braces that are no placeholder's. What was written is to be thrown away then.
  bool WritePieces() {
    const std::size_t end = segment_.size() - extension_.size();
    for (std::size_t at = 0; at < end;) {
      const std::size_t length = WritePiece(segment_.substr(at, end - at), at);
      if (length == 0) return false;
      at += length;
    }
    out_->append(extension_);
    return true;
  }

  // Writes the piece that `rest` begins with; returns its length, 0 for a stray brace.
  std::size_t WritePiece(std::string_view rest, std::size_t at) {
    if (rest[0] == '{' || rest[0] == '}') return WriteBraced(rest);
    if (const std::size_t length = WriteShape(rest, at)) return length;
    if (!IsAsciiAlnum(rest[0])) {
      out_->push_back(rest[0]);
      return 1;
    }
    const auto word_end = std::ranges::find_if_not(rest, IsAsciiAlnum);
    const std::string_view word(rest.begin(), word_end);
    WriteWord(word, at);
    return word.size();
  }

  // A placeholder, or a UUID in the braces that Windows gives it.
  std::size_t WriteBraced(std::string_view rest) {
    if (const std::size_t length = UuidLength(rest.substr(1));
        length > 0 && rest.substr(1 + length).starts_with('}')) {
      Value(kUuid);
      return length + 2;
    }
    const std::string_view placeholder = PlaceholderAt(rest);
    if (!placeholder.empty()) Value(placeholder);
    return placeholder.size();
  }

  // A value that may hold punctuation: these begin where no word or value does directly before.
  std::size_t WriteShape(std::string_view rest, std::size_t at) {
    if (at > 0 && (IsAsciiAlnum(segment_[at - 1]) || segment_[at - 1] == '}')) return 0;
    if (const std::size_t length = UuidLength(rest)) return Value(kUuid), length;
    if (const std::size_t length = DateLength(rest)) return Value(kDate), length;
    if (EndsWithFingerprint(rest, at)) return Value(kToken), rest.size();
    if (at > 0 && segment_[at - 1] != '.') return 0;
    const std::string_view part = rest.substr(0, rest.find('.'));
    if (std::ranges::all_of(part, IsAsciiAlnum)) return 0;  // a word, and judged as one
    if (!LooksRandom(part) || HoldsUuid(part)) return 0;
    if (type_ == FileType::kBuilt && BeginsWithName(part)) return 0;
    return Value(kToken), part.size();
  }

  // The last piece of a script's name: index-Dk-9_2bQ.js.
  bool EndsWithFingerprint(std::string_view rest, std::size_t at) const {
    return type_ == FileType::kBuilt && at > 0 && IsJoinedFingerprint(rest);
  }

  void WriteWord(std::string_view word, std::size_t at) {
    if (AllDigits(word)) {
      // One digest of many happens to have no letter: it belongs to the others' family.
      const bool digest = type_ == FileType::kBuilt && at > 0 && word.size() >= kLeastDigestDigits;
      return Value(digest ? kToken : kId);
    }
    if (IsImageSize(word)) return Value(kId);
    if (IsToken(word, at)) return Value(kToken);
    for (std::size_t i = 0; i < word.size();) {
      const std::size_t run = NextDigitRun(word, i);
      if (run > i) WriteName(word.substr(i, run - i), at + i);
      if (run == word.size()) return;
      Value(kId);
      i = word.find_first_not_of("0123456789", run);
      if (i == std::string_view::npos) return;
    }
  }

  // What is left of a word between long numbers is judged like a word of its own, as it will be
  // when the template is read again.
  void WriteName(std::string_view name, std::size_t at) {
    if (IsToken(name, at)) return Value(kToken);
    out_->append(name);
    value_is_last_ = false;
  }

  // Where the next run of kLeastDigitRun digits begins, from `from` on; the word's size: none.
  static std::size_t NextDigitRun(std::string_view word, std::size_t from) {
    std::size_t digits = 0;
    for (std::size_t i = from; i < word.size(); ++i) {
      digits = IsAsciiDigit(word[i]) ? digits + 1 : 0;
      if (digits == kLeastDigitRun) return i + 1 - digits;
    }
    return word.size();
  }

  bool IsToken(std::string_view word, std::size_t at) const {
    return LooksRandom(word) || (!extension_.empty() && at > 0 && LooksLikeFingerprint(word));
  }

  // Values with nothing but punctuation between them are one.
  void Value(std::string_view placeholder) {
    if (value_is_last_) {
      if (placeholder != value_) placeholder = kToken;
      out_->resize(value_start_);
    }
    value_ = placeholder;
    value_start_ = out_->size();
    value_is_last_ = true;
    out_->append(placeholder);
  }

  const std::string_view segment_;
  const std::string_view extension_;
  const FileType type_;
  std::string* const out_;
  const std::size_t start_;  // of this segment in *out_
  std::string_view value_;
  std::size_t value_start_ = 0;
  bool value_is_last_ = false;  // no word since the last value
};

}  // namespace

void TemplateOfCanonicalPath(std::string_view canonical, std::string* out) {
  out->clear();
  if (!canonical.starts_with('/') || canonical == "/") {
    *out = canonical;
    return;
  }
  for (std::size_t segments = 0; !canonical.empty(); ++segments) {
    canonical.remove_prefix(1);  // the slash
    const std::string_view segment = canonical.substr(0, canonical.find('/'));
    canonical.remove_prefix(segment.size());
    const std::size_t start = out->size();
    out->push_back('/');
    SegmentWriter(segment, out).Write();
    if (segments == kMaxTemplateSegments || out->size() > kMaxTemplateBytes - kRest.size()) {
      out->replace(start, std::string::npos, kRest);
      return;
    }
  }
}

std::string AutomaticTemplate(std::string_view path) {
  std::string canonical;
  CanonicalPath(path, &canonical);
  std::string result;
  TemplateOfCanonicalPath(canonical, &result);
  return result;
}

}  // namespace routerate
