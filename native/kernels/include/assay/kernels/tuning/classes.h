// What was found to be faster on this machine than the built-in rules, per class of shapes. A kernel asks tuning_of()
// once per product and keeps its own rule wherever the answer is 0; the table is data, so that a kernel names no tuner
// and a tuner no kernel.
#pragma once

#include <cstdint>
#include <span>

#include "assay/kernels/gemm.h"

namespace assay {

enum class GemmPath : std::uint8_t {
  rule,      // as the driver would choose
  packed,    // by panels and tiles
  in_place,  // reading A and B where they lie, if they can be, and if that adds in the same order
};

// 0 everywhere: the driver's own rules hold.
struct GemmTuning {
  std::int64_t block_rows = 0;     // of A that are packed at once
  std::int64_t group_columns = 0;  // of B that are packed at once
  std::int64_t cut_rows = 0;       // C is cut into cut_rows x cut_columns regions, one task each
  std::int64_t cut_columns = 0;
  GemmPath path = GemmPath::rule;
  // Of one packed row of A, a multiple of 64. It alone changes the order of additions, and so the last bits of results
  // that are not integers: it holds for any number of workers, whose results are the same.
  std::int64_t k_bytes = 0;

  friend bool operator==(const GemmTuning&, const GemmTuning&) = default;
};

// Products that are tuned alike: sizes count by half octaves, from 0 for 1 to 62.
struct GemmClass {
  GemmType type;
  bool a_transposed;  // the columns of A are adjacent, not its rows
  bool b_transposed;
  int m;
  int n;
  int k;
  int workers;  // 0: for any number, where only k_bytes counts, which counts nowhere else

  friend bool operator==(const GemmClass&, const GemmClass&) = default;
};

struct GemmTuned {
  GemmClass of;
  GemmTuning tuning;
};

[[nodiscard]] int gemm_bin(std::int64_t size);
[[nodiscard]] GemmClass gemm_class(const GemmCall& call, int workers);

// Both parts of what holds for a product. Nothing where B comes packed, whose format is that of the rules, and below
// 262144 multiply-adds, where looking it up would cost more than it could gain.
[[nodiscard]] GemmTuning tuning_of(const GemmCall& call);

// Replaces the whole table, which holds what is kept on disk (see kept.h) until then; products under way keep what
// they began with. Throws where a value is out of its range or there are more than MOST_GEMM_CLASSES.
void set_gemm_tuning(std::span<const GemmTuned> table);
inline constexpr std::size_t MOST_GEMM_CLASSES = 768;

}  // namespace assay
