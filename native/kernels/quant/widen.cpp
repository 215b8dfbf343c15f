#include <array>
#include <cstring>
#include <string>

#include "../elementwise/half.h"
#include "assay/core/error.h"
#include "assay/kernels/decoder/formats.h"

namespace assay {
namespace {

using elementwise::BFloat16;
using elementwise::Float16;

constexpr std::array<WeightFacts, WEIGHT_KINDS> FACTS{{
    {"f32", 1, 4},
    {"f16", 1, 2},
    {"bf16", 1, 2},
    {"q8_0", 32, 34},
    {"q4_0", 32, 18},
    {"q4_k", 256, 144},
    {"q6_k", 256, 210},
}};

template <class Value>
Value read(const std::byte* from) {
  Value value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

int byte_at(const std::byte* from, std::int64_t index) { return std::to_integer<int>(from[index]); }

float scale_at(const std::byte* from) { return widened(read<Float16>(from)); }

void widen_q8_0(const std::byte* block, float* to) {
  const float scale = scale_at(block);
  for (int i = 0; i < 32; ++i) {
    to[i] = scale * static_cast<float>(read<std::int8_t>(block + 2 + i));
  }
}

void widen_q4_0(const std::byte* block, float* to) {
  const float scale = scale_at(block);
  for (int i = 0; i < 16; ++i) {
    const int pair = byte_at(block, 2 + i);
    to[i] = scale * static_cast<float>((pair & 15) - 8);
    to[i + 16] = scale * static_cast<float>((pair >> 4) - 8);
  }
}

// Scale and minimum of one of eight groups of 32: six bits each, packed into twelve bytes.
std::array<int, 2> group_of_q4_k(const std::byte* packed, int group) {
  if (group < 4) {
    return {byte_at(packed, group) & 63, byte_at(packed, group + 4) & 63};
  }
  return {(byte_at(packed, group + 4) & 15) | (byte_at(packed, group - 4) >> 6 << 4),
          (byte_at(packed, group + 4) >> 4) | (byte_at(packed, group) >> 6 << 4)};
}

void widen_q4_k(const std::byte* block, float* to) {
  const float scale = scale_at(block);
  const float least = scale_at(block + 2);
  for (int group = 0; group < 8; ++group) {
    const auto [factor, minimum] = group_of_q4_k(block + 4, group);
    const std::byte* const values = block + 16 + group / 2 * 32;
    for (int i = 0; i < 32; ++i) {
      const int value = group % 2 == 0 ? byte_at(values, i) & 15 : byte_at(values, i) >> 4;
      to[group * 32 + i] =
          scale * static_cast<float>(factor) * static_cast<float>(value) - least * static_cast<float>(minimum);
    }
  }
}

// Four low bits, two high bits, a signed scale for 16.
void widen_q6_k(const std::byte* block, float* to) {
  const float scale = scale_at(block + 208);
  for (int i = 0; i < 256; ++i) {
    const int half = i / 128;
    const int quarter = i % 128 / 32;
    const int low_byte = byte_at(block, half * 64 + quarter % 2 * 32 + i % 32);
    const int low = quarter < 2 ? low_byte & 15 : low_byte >> 4;
    const int high = byte_at(block, 128 + half * 32 + i % 32) >> (2 * quarter) & 3;
    const auto factor = static_cast<float>(read<std::int8_t>(block + 192 + i / 16));
    to[i] = scale * factor * static_cast<float>((low | high << 4) - 32);
  }
}

using Widen = void (*)(const std::byte*, float*);

void widen_blocks(Widen widen_block, const WeightFacts& of, const std::byte* from, std::int64_t columns, float* to) {
  for (std::int64_t i = 0; i < columns; i += of.block) {
    widen_block(from + i / of.block * of.block_bytes, to + i);
  }
}

template <class Half>
void widen_halves(const std::byte* from, std::int64_t columns, float* to) {
  for (std::int64_t i = 0; i < columns; ++i) {
    to[i] = widened(read<Half>(from + i * 2));
  }
}

}  // namespace

const WeightFacts& facts(WeightKind kind) noexcept { return FACTS[static_cast<std::size_t>(kind)]; }

WeightKind weight_kind_named(std::string_view name) {
  for (int i = 0; i < WEIGHT_KINDS; ++i) {
    if (FACTS[static_cast<std::size_t>(i)].name == name) {
      return static_cast<WeightKind>(i);
    }
  }
  throw Error(ErrorKind::usage,
              "weights: no format '" + std::string(name) + "'; there are f32, f16, bf16, q8_0, q4_0, q4_k and q6_k");
}

std::int64_t row_bytes(WeightKind kind, std::int64_t columns) {
  const WeightFacts& of = facts(kind);
  if (columns < 0 || columns % of.block != 0) {
    throw Error(ErrorKind::usage, "weights: rows of " + std::to_string(columns) + " are no whole blocks of " +
                                      std::string(of.name) + ", which has " + std::to_string(of.block));
  }
  return columns / of.block * of.block_bytes;
}

void widen(WeightKind kind, const std::byte* from, std::int64_t columns, float* to) {
  switch (kind) {
    case WeightKind::f32:
      std::memcpy(to, from, static_cast<std::size_t>(columns) * sizeof(float));
      return;
    case WeightKind::f16:
      return widen_halves<Float16>(from, columns, to);
    case WeightKind::bf16:
      return widen_halves<BFloat16>(from, columns, to);
    case WeightKind::q8_0:
      return widen_blocks(widen_q8_0, facts(kind), from, columns, to);
    case WeightKind::q4_0:
      return widen_blocks(widen_q4_0, facts(kind), from, columns, to);
    case WeightKind::q4_k:
      return widen_blocks(widen_q4_k, facts(kind), from, columns, to);
    case WeightKind::q6_k:
      return widen_blocks(widen_q6_k, facts(kind), from, columns, to);
  }
}

}  // namespace assay
