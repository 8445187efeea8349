// JSON lines by simdjson On-Demand: its vectorised first stage finds the structure and checks the
// UTF-8, with the best implementation that the processor has; then keys are looked up one by one. A
// text without a backslash is used where it lies.
#include "parsers/json_fields.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "parsers/line_parser.h"

namespace routerate {
namespace {

namespace ondemand = simdjson::ondemand;

static_assert(kLinePadding >= simdjson::SIMDJSON_PADDING);

// simdjson's buffers hold nothing from one line to the next, so one set a thread is enough, however
// many files there are. They grow to the longest line, by doubling.
simdjson::error_code Iterate(std::string_view line, ondemand::document* document) {
  constexpr std::size_t kUsualLine = 4096;
  thread_local ondemand::parser parser;
  if (parser.capacity() < line.size() || parser.capacity() == 0) {
    const std::size_t capacity = std::max(kUsualLine, std::bit_ceil(line.size()));
    if (const auto error = parser.allocate(capacity)) return error;
  }
  return parser.iterate(line.data(), line.size(), line.size() + kLinePadding).get(*document);
}

RejectReason ReasonOf(simdjson::error_code error) {
  return error == simdjson::EMPTY ? RejectReason::kEmpty : RejectReason::kNotJson;
}

class ObjectReader {
 public:
  ObjectReader(std::string_view line, const KeyTable& keys, Escapes escapes, TextScratch* scratch,
               LogFields* fields)
      : line_(line), keys_(keys), escapes_(escapes), scratch_(scratch), fields_(fields) {}

  std::expected<JsonShape, Rejection> Read() {
    if (const auto error = Iterate(line_, &document_)) {
      return std::unexpected(Rejection{ReasonOf(error), 1});
    }
    ondemand::object object;
    if (const auto error = document_.get_object().get(object)) return Reject(error);
    for (auto item : object) {
      ondemand::field field;
      if (const auto error = std::move(item).get(field)) return Reject(error);
      if (const auto rejection = ReadField(field)) return std::unexpected(*rejection);
    }
    const char* behind = nullptr;
    if (document_.current_location().get(behind) == simdjson::SUCCESS) {
      return std::unexpected(At(behind));
    }
    return shape_;
  }

 private:
  std::optional<Rejection> ReadField(ondemand::field& field) {
    ++shape_.keys;
    const LogField meaning = keys_.Find(KeyText(field.key()));
    if (meaning == LogField::kNone) return std::nullopt;
    if (fields_->Has(meaning)) {
      shape_.repeated = true;
      return std::nullopt;
    }
    const std::string_view token = Trim(field.value().raw_json_token());
    if (!token.starts_with('"')) {
      if (IsNumber(token)) (*fields_)[meaning] = token;
      return std::nullopt;
    }
    if (token.size() < 2 || token.back() != '"') return At(&token.front());
    const auto text = Unescape(token.substr(1, token.size() - 2), escapes_, scratch_);
    if (!text) return At(&token.front());
    (*fields_)[meaning] = *text;
    return std::nullopt;
  }

  // The key as written. One with escapes in it is not known to us, so its true end does not matter.
  std::string_view KeyText(ondemand::raw_json_string key) const {
    const char* const begin = key.raw();
    const auto left = static_cast<std::size_t>(line_.data() + line_.size() - begin);
    const void* const end = std::memchr(begin, '"', left);
    if (end == nullptr) return {};
    return {begin, static_cast<std::size_t>(static_cast<const char*>(end) - begin)};
  }

  static std::string_view Trim(std::string_view token) {
    while (token.size() > 1 && (token.back() == ' ' || token.back() == '\t'))
      token.remove_suffix(1);
    return token;
  }

  static bool IsNumber(std::string_view token) {
    return !token.empty() &&
           (token.front() == '-' || (token.front() >= '0' && token.front() <= '9'));
  }

  Rejection At(const char* where) const {
    return {RejectReason::kNotJson, static_cast<std::size_t>(where - line_.data()) + 1};
  }
  std::unexpected<Rejection> Reject(simdjson::error_code error) {
    const char* where = nullptr;
    if (document_.current_location().get(where) != simdjson::SUCCESS) where = line_.data();
    return std::unexpected(Rejection{ReasonOf(error), At(where).column});
  }

  std::string_view line_;
  const KeyTable& keys_;
  Escapes escapes_;
  TextScratch* scratch_;
  LogFields* fields_;
  ondemand::document document_;
  JsonShape shape_;
};

}  // namespace

std::expected<JsonShape, Rejection> ReadJsonFields(std::string_view line, const KeyTable& keys,
                                                   Escapes escapes, TextScratch* scratch,
                                                   LogFields* fields) {
  scratch->Begin(UnescapeRoom(line.size()));
  return ObjectReader(line, keys, escapes, scratch, fields).Read();
}

}  // namespace routerate
