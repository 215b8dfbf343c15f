// Code objects of one process, remembered by their address.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "assay/stacks/layout.h"
#include "assay/stacks/sampler.h"
#include "memory.h"

namespace assay::stacks {

struct Known {
  std::int32_t number = -1;
  std::uint64_t instructions = 0;  // address of the first instruction
  // What tells apart two code objects that lay at the same address one after the other.
  std::uint64_t name = 0, file = 0, lines = 0;
  std::int32_t first_line = 0;
  std::int64_t checked_ns = 0;
};

class Codes {
 public:
  Codes(const Layout& layout, Memory& memory, Tree& tree) : layout_(layout), memory_(memory), tree_(tree) {}

  // Null where there is no code object at that address.
  [[nodiscard]] const Known* find(std::uint64_t address, std::int64_t now_ns);

 private:
  [[nodiscard]] std::optional<Known> look(std::uint64_t address);
  [[nodiscard]] std::optional<Code> describe(const Known& known);
  [[nodiscard]] std::optional<std::string> text(std::uint64_t address);
  [[nodiscard]] std::optional<std::string> bytes(std::uint64_t address);

  const Layout& layout_;
  Memory& memory_;
  Tree& tree_;
  std::unordered_map<std::uint64_t, Known> known_;
};

}  // namespace assay::stacks
