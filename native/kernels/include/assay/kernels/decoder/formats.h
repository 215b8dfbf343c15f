// Formats of weights as files hold them.
//
// q8_0 and q4_0: blocks of 32, an fp16 scale and 32 int8, or 16 bytes whose low halves are the first 16 weights and
// whose high halves the others, less 8. q4_k and q6_k: super-blocks of 256, as GGUF describes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay {

enum class WeightKind : std::int8_t { f32, f16, bf16, q8_0, q4_0, q4_k, q6_k };

inline constexpr int WEIGHT_KINDS = 7;

struct WeightFacts {
  std::string_view name;
  std::int64_t block;  // weights
  std::int64_t block_bytes;
};

[[nodiscard]] const WeightFacts& facts(WeightKind kind) noexcept;

// Throws Error where there is none of that name.
[[nodiscard]] WeightKind weight_kind_named(std::string_view name);

// Bytes of a row of so many weights; throws Error where these are no whole blocks.
[[nodiscard]] std::int64_t row_bytes(WeightKind kind, std::int64_t columns);

// A row of whole blocks as fp32.
void widen(WeightKind kind, const std::byte* from, std::int64_t columns, float* to);

}  // namespace assay
