// The memory of another process, read a page at a time and remembered for as long as one stack is being read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

namespace assay::stacks {

class Memory {
 public:
  explicit Memory(std::int64_t pid) : pid_(pid) { forget(); }

  // What was read before is read anew.
  void forget() noexcept;

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
  using Page = std::array<std::byte, kPageBytes>;
  [[nodiscard]] const Page* page(std::uint64_t address);

  std::int64_t pid_;
  bool lost_ = false;
  std::array<std::uint64_t, kPages> addresses_;  // of the pages below; apart from them, to be forgotten at once
  std::array<Page, kPages> pages_;
};

}  // namespace assay::stacks
