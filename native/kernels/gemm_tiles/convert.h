// One step of packed A or B from the elements in memory; elements that are not present become zero.
#pragma once

#include <cstring>

#include "tile.h"

namespace assay::gemm_tiles {
namespace {  // not shared: a copy compiled for one instruction set must never serve another

template <class Element>
Element read(const std::byte* from) {
  Element value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <class Value>
void write(std::byte* to, Value value) {
  std::memcpy(to, &value, sizeof value);
}

inline float widen_bf16(std::uint16_t bits) {
  const std::uint32_t wide = std::uint32_t{bits} << 16;
  float value;
  std::memcpy(&value, &wide, sizeof value);
  return value;
}

template <class Real>
struct Same {
  static constexpr std::int64_t DEPTH = 1;
  static void put(const std::byte* from, std::int64_t, std::int64_t present, std::byte* to) {
    write(to, present > 0 ? read<Real>(from) : Real{0});
  }
};

struct WidenBf16 {
  static constexpr std::int64_t DEPTH = 1;
  static void put(const std::byte* from, std::int64_t, std::int64_t present, std::byte* to) {
    write(to, present > 0 ? widen_bf16(read<std::uint16_t>(from)) : 0.0F);
  }
};

// Two int8 become two int16.
struct WidenPairs {
  static constexpr std::int64_t DEPTH = 2;
  static void put(const std::byte* from, std::int64_t inner_bytes, std::int64_t present, std::byte* to) {
    for (std::int64_t i = 0; i < DEPTH; ++i) {
      const std::int8_t value = i < present ? read<std::int8_t>(from + i * inner_bytes) : std::int8_t{0};
      write(to + i * 2, static_cast<std::int16_t>(value));
    }
  }
};

}  // namespace
}  // namespace assay::gemm_tiles
