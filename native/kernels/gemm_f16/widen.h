// fp16 as its bits to fp32, exactly, without an instruction for it.
#pragma once

#include <bit>
#include <cstdint>

#include "../gemm_tiles/convert.h"

namespace assay::gemm_tiles {
namespace {  // not shared: a copy compiled for one instruction set must never serve another

inline float widen_f16(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000U) << 16U;
  const std::uint32_t rest = (bits & 0x7fffU) << 13U;
  const bool special = (bits & 0x7c00U) == 0x7c00U;
  // The product scales the exponent to fp32's and makes numbers of subnormals.
  const std::uint32_t finite = std::bit_cast<std::uint32_t>(std::bit_cast<float>(rest) * 0x1p112F);
  return std::bit_cast<float>((special ? rest | 0x7f800000U : finite) | sign);
}

struct WidenF16 {
  static constexpr std::int64_t DEPTH = 1;
  static void put(const std::byte* from, std::int64_t, std::int64_t present, std::byte* to) {
    write(to, present > 0 ? widen_f16(read<std::uint16_t>(from)) : 0.0F);
  }
};

}  // namespace
}  // namespace assay::gemm_tiles
