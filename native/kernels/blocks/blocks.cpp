#include "assay/kernels/decoder/blocks.h"

#include <algorithm>
#include <cstring>

namespace assay {
namespace {

constexpr std::int64_t LINE = 64;

int byte_at(const std::byte* from, std::int64_t index) { return std::to_integer<int>(from[index]); }

// Weight k of a block of q4_0, plus 8.
int nibble(const std::byte* values, std::int64_t k) {
  return k < 16 ? byte_at(values, k) & 15 : byte_at(values, k - 16) >> 4;
}

// One output's block into its place among 32.
void place_block(WeightKind kind, const std::byte* block, std::int64_t output, std::byte* group) {
  std::memcpy(group + output * 2, block, 2);
  std::byte* const lines = group + LINE + output / 16 * LINE + output % 16 * 4;
  const std::byte* const values = block + 2;
  if (kind == WeightKind::q8_0) {
    for (std::int64_t k = 0; k < BLOCK_GROUP; ++k) {
      lines[k / 4 * 2 * LINE + k % 4] = values[k] ^ std::byte{128};
    }
    return;
  }
  for (std::int64_t pair = 0; pair < 4; ++pair) {
    for (std::int64_t j = 0; j < 4; ++j) {
      const int low = nibble(values, 8 * pair + j);
      const int high = nibble(values, 8 * pair + 4 + j);
      lines[pair * 2 * LINE + j] = static_cast<std::byte>(low | high << 4);
    }
  }
}

template <class Function>
Function at(const char* name, Rung rung) {
  return function_of<Function>(kernel_at("blocks", name, rung));
}

template <class Function>
Function best(const char* name) {
  return function_of<Function>(best_kernel("blocks", name));
}

}  // namespace

void pack_blocks(const BlockShape& shape, const std::byte* weights, std::byte* out) {
  const std::int64_t block_bytes = facts(shape.kind).block_bytes;
  std::memset(out, 0, static_cast<std::size_t>(shape.bytes()));  // missing outputs have scale 0
  for (std::int64_t output = 0; output < shape.outputs; ++output) {
    std::byte* const panel = out + output / BLOCK_OUTPUTS * shape.panel_bytes();
    for (std::int64_t group = 0; group < shape.groups(); ++group) {
      place_block(shape.kind, weights + (output * shape.groups() + group) * block_bytes, output % BLOCK_OUTPUTS,
                  panel + group * shape.group_bytes());
    }
  }
}

void round_rows(const RoundCall& call) {
  static const auto function = best<RoundRows>("round_rows");
  function(call);
}

void multiply_blocks(const BlockCall& call) {
  static const auto function = best<MultiplyBlocks>("multiply_blocks");
  function(call);
}

void round_rows(const RoundCall& call, Rung rung) { at<RoundRows>("round_rows", rung)(call); }
void multiply_blocks(const BlockCall& call, Rung rung) { at<MultiplyBlocks>("multiply_blocks", rung)(call); }

}  // namespace assay
