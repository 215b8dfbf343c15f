// The memory of another process, read a page at a time and remembered for as long as one stack is being read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <vector>

namespace assay::stacks {

class Memory {
 public:
  explicit Memory(std::int64_t pid) : pid_(pid) { addresses_.fill(kNone); }

  // What was read before is read anew; the pages that were looked at after the last call with this key come in one go,
  // since a call into the kernel costs as much as the page.
  void begin(std::uint64_t key);

  // False where that memory is not there.
  [[nodiscard]] bool copy(std::uint64_t address, void* target, std::size_t size);

  template <class T>
  [[nodiscard]] std::optional<T> read(std::uint64_t address) {
    T value;
    return copy(address, &value, sizeof value) ? std::optional<T>(value) : std::nullopt;
  }

  [[nodiscard]] std::optional<std::uint64_t> pointer(std::uint64_t address) { return read<std::uint64_t>(address); }

  // Whether the process itself is gone, or no longer lets itself be read.
  [[nodiscard]] bool lost() const noexcept { return lost_; }

 private:
  static constexpr std::size_t kPageBytes = 4096;
  static constexpr std::size_t kPages = 64;
  static constexpr std::size_t kMostAtOnce = 16;
  static constexpr std::size_t kMostHabits = 8192;
  static constexpr std::uint64_t kNone = 1;  // the address of no page
  using Page = std::array<std::byte, kPageBytes>;
  [[nodiscard]] static std::size_t place_of(std::uint64_t address) noexcept { return address / kPageBytes % kPages; }
  [[nodiscard]] const Page* page(std::uint64_t address);
  void fetch(const std::vector<std::uint64_t>& wanted);
  void note(std::uint64_t address, std::size_t place);

  std::int64_t pid_;
  bool lost_ = false;
  std::array<std::uint64_t, kPages> addresses_;  // of the pages below; apart from them, to be forgotten at once
  std::array<Page, kPages> pages_;
  std::uint64_t key_ = 0;
  std::array<bool, kPages> is_used_{};  // since the last call of begin
  std::vector<std::uint64_t> used_;
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> habits_;  // pages by key
};

}  // namespace assay::stacks
