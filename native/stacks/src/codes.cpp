#include "codes.h"

#include <algorithm>
#include <utility>

namespace assay::stacks {
namespace {

constexpr std::int64_t kTrustNs = 1'000'000'000;  // how long an address is taken for the object last seen there
constexpr std::size_t kMostKnown = 1 << 18;
constexpr std::int64_t kMostTextLength = 1024;
constexpr std::int64_t kMostLinesBytes = 1 << 20;

// Of every object: reference count, type; then of a text: length, hash, state; of bytes: length, hash, content.
constexpr std::uint64_t kType = 8;
constexpr std::uint64_t kLength = 16;
constexpr std::uint64_t kState = 32;
constexpr std::uint64_t kBytesContent = 32;

void append_utf8(std::string& text, std::uint32_t point) {
  if (point >= 0xD800 && point < 0xE000) {
    point = 0xFFFD;  // half of a pair has no form of its own
  }
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xC0 | (point >> 6));
    text += static_cast<char>(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    text += static_cast<char>(0xE0 | (point >> 12));
    text += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | ((point >> 18) & 0x07));
    text += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
    text += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (point & 0x3F));
  }
}

std::string to_utf8(const std::string& units, std::size_t width) {
  std::string text;
  for (std::size_t at = 0; at + width <= units.size(); at += width) {
    std::uint32_t point = 0;
    for (std::size_t byte = 0; byte < width; ++byte) {
      point |= static_cast<std::uint32_t>(static_cast<unsigned char>(units[at + byte])) << (8 * byte);
    }
    append_utf8(text, point);
  }
  return text;
}

std::uint64_t at(std::uint64_t address, std::int64_t offset) { return address + static_cast<std::uint64_t>(offset); }

}  // namespace

const Known* Codes::find(std::uint64_t address, std::int64_t now_ns) {
  const auto found = known_.find(address);
  if (found != known_.end() && now_ns - found->second.checked_ns < kTrustNs) {
    return &found->second;
  }
  std::optional<Known> seen = look(address);
  if (!seen) {
    return nullptr;
  }
  seen->checked_ns = now_ns;
  if (found != known_.end()) {
    const Known& old = found->second;
    const bool same = old.name == seen->name && old.file == seen->file && old.lines == seen->lines &&
                      old.first_line == seen->first_line;
    seen->number = same ? old.number : -1;
  }
  if (seen->number < 0) {
    std::optional<Code> code = describe(*seen);
    if (!code || known_.size() >= kMostKnown) {
      return nullptr;
    }
    seen->number = tree_.add(std::move(*code));
  }
  return &(known_[address] = *seen);
}

std::optional<Known> Codes::look(std::uint64_t address) {
  const auto type = memory_.pointer(address + kType);
  if (!type || (layout_.code_type != 0 && *type != static_cast<std::uint64_t>(layout_.code_type))) {
    return std::nullopt;
  }
  const auto name = memory_.pointer(at(address, layout_.code_name));
  const auto file = memory_.pointer(at(address, layout_.code_filename));
  const auto lines = memory_.pointer(at(address, layout_.code_lines));
  const auto first_line = memory_.read<std::int32_t>(at(address, layout_.code_first_line));
  if (!name || !file || !lines || !first_line || *first_line < 0) {
    return std::nullopt;
  }
  Known known;
  known.instructions = layout_.code_instructions < 0 ? 0 : at(address, layout_.code_instructions);
  known.name = *name;
  known.file = *file;
  known.lines = *lines;
  known.first_line = *first_line;
  return known;
}

std::optional<Code> Codes::describe(const Known& known) {
  std::optional<std::string> name = text(known.name);
  std::optional<std::string> file = text(known.file);
  std::optional<std::string> lines = bytes(known.lines);
  if (!name || !file || !lines) {
    return std::nullopt;
  }
  return Code{known.first_line, std::move(*name), std::move(*file), std::move(*lines), layout_.minor_version};
}

// PEP 393: one, two or four bytes a character; the state's bits are interned 2, kind 3, compact 1, ASCII 1.
std::optional<std::string> Codes::text(std::uint64_t address) {
  const auto length = memory_.read<std::int64_t>(address + kLength);
  const auto state = memory_.read<std::uint32_t>(address + kState);
  if (!length || !state || *length < 0) {
    return std::nullopt;
  }
  const std::size_t width = (*state >> 2) & 7;
  const bool compact = ((*state >> 5) & 1) != 0;
  const bool ascii = ((*state >> 6) & 1) != 0;
  if ((width != 1 && width != 2 && width != 4) || !compact) {
    return std::nullopt;
  }
  std::string units(static_cast<std::size_t>(std::min(*length, kMostTextLength)) * width, '\0');
  if (!memory_.copy(at(address, ascii ? layout_.text_ascii : layout_.text_compact), units.data(), units.size())) {
    return std::nullopt;
  }
  return ascii ? units : to_utf8(units, width);
}

std::optional<std::string> Codes::bytes(std::uint64_t address) {
  const auto length = memory_.read<std::int64_t>(address + kLength);
  if (!length || *length < 0 || *length > kMostLinesBytes) {
    return std::nullopt;
  }
  std::string content(static_cast<std::size_t>(*length), '\0');
  return memory_.copy(address + kBytesContent, content.data(), content.size()) ? std::optional(std::move(content))
                                                                               : std::nullopt;
}

}  // namespace assay::stacks
