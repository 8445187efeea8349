// The checkpoint's text, by Boost.JSON: paths may hold any byte.
#include "agent/checkpoint.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

namespace routerate {
namespace {

namespace json = boost::json;

constexpr std::string_view kMagic = "routerate-checkpoint 1 ";
constexpr std::size_t kDigits = 16;

std::string Checksum(std::string_view text) {
  return fmt::format("{:0{}x}", XXH3_64bits(text.data(), text.size()), kDigits);
}

// Paths are bytes; JSON is UTF-8. Latin-1 carries every byte across unchanged.
std::string ToUtf8(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0 | (byte >> 6));
      out += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return out;
}

std::string FromUtf8(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80 || i + 1 == text.size()) {
      out += text[i];
    } else {
      const auto low = static_cast<unsigned char>(text[++i]);
      out += static_cast<char>(((byte & 0x03) << 6) | (low & 0x3F));
    }
  }
  return out;
}

json::object ToJson(const CheckpointEntry& e) {
  json::object object = {{"id", e.id},
                         {"path", ToUtf8(e.path)},
                         {"device", e.device},
                         {"inode", e.inode},
                         {"birth_ns", e.birth_ns},
                         {"generation", e.generation},
                         {"offset", e.offset},
                         {"head_size", e.evidence.head_size},
                         {"head_hash", e.evidence.head_hash},
                         {"tail_size", e.evidence.tail_size},
                         {"tail_hash", e.evidence.tail_hash},
                         {"size", e.size},
                         {"modified_ns", e.modified_ns},
                         {"seen_ms", e.seen_ms}};
  if (e.lines) object.emplace("lines", *e.lines);
  json::array marks;
  for (const ContentMark& mark : e.marks) marks.push_back({mark.offset, mark.hash});
  object.emplace("marks", std::move(marks));
  json::array earlier;
  for (const auto& [first_line, generation] : e.earlier) {
    earlier.push_back({first_line.offset, first_line.hash, generation});
  }
  if (!earlier.empty()) object.emplace("earlier", std::move(earlier));
  return object;
}

// Takes members by name; remembers when one was missing or of another kind.
class Members {
 public:
  explicit Members(const json::object& object) : object_(object) {}
  void Take(const char* name, std::string* out) {
    const json::value* value = object_.if_contains(name);
    ok_ = ok_ && value != nullptr && value->is_string();
    if (ok_) out->assign(value->get_string().data(), value->get_string().size());
  }
  template <typename Integer>
  void Take(const char* name, Integer* out) {
    const json::value* value = object_.if_contains(name);
    boost::system::error_code error;
    const auto number = value == nullptr ? Integer{} : value->to_number<Integer>(error);
    ok_ = ok_ && value != nullptr && !error;
    if (ok_) *out = number;
  }
  // An absent one is left alone.
  template <typename Member>
  void TakeIfThere(const char* name, Member* out) {
    if (object_.contains(name)) Take(name, out);
  }
  void Take(const char* name, ContentMarks* out) {
    for (const auto& numbers : TakeRows<2>(name)) out->push_back({numbers[0], numbers[1]});
  }
  void Take(const char* name, EarlierContents* out) {
    for (const auto& numbers : TakeRows<3>(name)) {
      out->push_back({{numbers[0], numbers[1]}, numbers[2]});
    }
  }
  bool ok() const { return ok_; }

 private:
  template <std::size_t kColumns>
  std::vector<std::array<std::uint64_t, kColumns>> TakeRows(const char* name) {
    auto rows =
        json::try_value_to<std::vector<std::array<std::uint64_t, kColumns>>>(object_.at(name));
    ok_ = ok_ && rows.has_value();
    if (!ok_) return {};
    return std::move(*rows);
  }

  const json::object& object_;
  bool ok_ = true;
};

Result<CheckpointEntry> FromJson(std::string_view line) {
  boost::system::error_code error;
  const json::value value = json::parse({line.data(), line.size()}, error);
  if (error || !value.is_object()) return Fail("an entry is not a JSON object");
  CheckpointEntry e;
  Members members(value.get_object());
  members.Take("id", &e.id);
  members.Take("path", &e.path);
  members.Take("device", &e.device);
  members.Take("inode", &e.inode);
  members.Take("birth_ns", &e.birth_ns);
  members.Take("generation", &e.generation);
  members.Take("offset", &e.offset);
  members.Take("head_size", &e.evidence.head_size);
  members.Take("head_hash", &e.evidence.head_hash);
  members.Take("tail_size", &e.evidence.tail_size);
  members.Take("tail_hash", &e.evidence.tail_hash);
  members.Take("seen_ms", &e.seen_ms);
  std::uint64_t lines = 0;
  members.TakeIfThere("lines", &lines);
  if (value.get_object().contains("lines")) e.lines = lines;
  e.size = e.offset;
  members.TakeIfThere("size", &e.size);
  members.TakeIfThere("modified_ns", &e.modified_ns);
  members.TakeIfThere("marks", &e.marks);
  members.TakeIfThere("earlier", &e.earlier);
  const bool sane = e.evidence.head_size <= std::min(e.offset, FileEvidence::kHeadBytes) &&
                    e.evidence.tail_size <= std::min(e.offset, FileEvidence::kTailBytes) &&
                    e.lines.value_or(0) <= e.offset &&
                    std::ranges::is_sorted(e.marks, {}, &ContentMark::offset);
  if (!members.ok() || !sane) return Fail("an entry lacks a member or has a wrong one");
  e.path = FromUtf8(e.path);
  return e;
}

}  // namespace

EarlierContents CheckpointEntry::AsEarlier() const {
  EarlierContents contents = earlier;
  if (!marks.empty()) Add({marks.front(), generation}, &contents);
  return contents;
}

std::string EncodeCheckpoint(const std::vector<CheckpointEntry>& entries) {
  std::string body;
  for (const CheckpointEntry& entry : entries) body += json::serialize(ToJson(entry)) + "\n";
  return fmt::format("{}{}\n{}", kMagic, Checksum(body), body);
}

Result<std::vector<CheckpointEntry>> DecodeCheckpoint(std::string_view text) {
  if (!text.starts_with(kMagic)) return Fail("not a checkpoint of version 1");
  text.remove_prefix(kMagic.size());
  if (text.size() <= kDigits || text[kDigits] != '\n') return Fail("cut off in its first line");
  std::string_view body = text.substr(kDigits + 1);
  if (Checksum(body) != text.substr(0, kDigits)) return Fail("the checksum does not fit");
  std::vector<CheckpointEntry> entries;
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    auto entry = FromJson(body.substr(0, end));
    if (!entry) return std::unexpected(std::move(entry.error()));
    entries.push_back(std::move(*entry));
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
  }
  return entries;
}

}  // namespace routerate
